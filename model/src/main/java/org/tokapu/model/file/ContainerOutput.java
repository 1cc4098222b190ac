package org.tokapu.model.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.tokapu.base.TokapuException;

/// Writes little-endian headers, padding and tensors one after another, and counts.
///
/// Not thread-safe; [#flush] before the channel is closed.
final class ContainerOutput {
  private final WritableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private long position;

  ContainerOutput(WritableByteChannel channel) {
    this.channel = channel;
  }

  void u32(int value) throws IOException {
    room(4).putInt(value);
    position += 4;
  }

  void u64(long value) throws IOException {
    room(8).putLong(value);
    position += 8;
  }

  /// Writes the lowest `bytes` of `bits`, lowest first.
  void bits(long bits, int bytes) throws IOException {
    ByteBuffer out = room(bytes);
    for (int i = 0; i < bytes; i++) {
      out.put((byte) (bits >> (8 * i)));
    }
    position += bytes;
  }

  /// Writes a 64-bit length and the UTF-8 bytes.
  void string(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    u64(utf8.length);
    bytes(ByteBuffer.wrap(utf8));
  }

  void bytes(ByteBuffer bytes) throws IOException {
    position += bytes.remaining();
    if (bytes.remaining() <= buffer.capacity()) {
      room(bytes.remaining()).put(bytes);
    } else {
      flush();
      drain(bytes);
    }
  }

  /// Writes `fill` up to the next multiple of `alignment`.
  void pad(int alignment, int fill) throws IOException {
    while (position % alignment != 0) {
      bits(fill, 1);
    }
  }

  /// Lets `source` write the `bytes` of the tensor `name`.
  ///
  /// @throws TokapuException if it writes more or fewer
  void tensor(String name, long bytes, TensorSource source) throws IOException {
    flush();
    Limited limited = new Limited(name, bytes);
    source.writeTo(limited);
    if (limited.left != 0) {
      throw new TokapuException(
          "tensor %s has %d bytes, its source wrote %d"
              .formatted(name, bytes, bytes - limited.left));
    }
    position += bytes;
  }

  void flush() throws IOException {
    drain(buffer.flip());
    buffer.clear();
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void drain(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// The channel as a tensor's source sees it: open, and as long as the tensor.
  private final class Limited implements WritableByteChannel {
    private final String name;
    private final long bytes;
    private long left;

    Limited(String name, long bytes) {
      this.name = name;
      this.bytes = bytes;
      this.left = bytes;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      if (source.remaining() > left) {
        throw new TokapuException(
            "tensor " + name + " has " + bytes + " bytes, its source wrote more");
      }
      int written = channel.write(source);
      left -= written;
      return written;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() {
      // The file goes on after this tensor: whoever opened it closes it.
    }
  }
}
