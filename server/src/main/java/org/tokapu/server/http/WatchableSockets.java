package org.tokapu.server.http;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The framework's socket options, with the read timeout that it forgets to set.
///
/// Watching an idle socket ends after its read timeout, counted as if the client had gone; and of
/// channels the framework does not set it at all, which counts as an end at once. So it is set
/// here, as long as possible: [Connections] cut off who is late.
record WatchableSockets(SocketOptions delegate) implements SocketOptions {
  private static final Duration NEVER = Duration.ofDays(20);

  static WatchableSockets create() {
    return new WatchableSockets(SocketOptions.builder().tcpNoDelay(true).build());
  }

  @Override
  public void configureSocket(SocketChannel channel) {
    delegate.configureSocket(channel);
    try {
      channel.socket().setSoTimeout((int) NEVER.toMillis());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return delegate.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return delegate.connectTimeout();
  }

  @Override
  public Duration readTimeout() {
    return NEVER;
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return delegate.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return delegate.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return delegate.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return delegate.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return delegate.tcpNoDelay();
  }
}
