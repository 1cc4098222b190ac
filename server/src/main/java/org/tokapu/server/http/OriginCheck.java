package org.tokapu.server.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Decides pages of which origins may call, and under which host names a loopback server answers.
///
/// A server without keys on loopback is open to whatever runs on the machine, and a browser runs
/// pages of strangers. So there `Host` must name this machine (a name that a stranger rebinds to
/// 127.0.0.1 does not), and `Origin`, which browsers send along, must be the server's own or one of
/// the list. Immutable.
///
/// @param loopback whether the server listens on this machine alone
/// @param origins the list; `*` for all
record OriginCheck(boolean loopback, List<String> origins) {

  /// Checks a request.
  ///
  /// @throws ApiError 403 if it comes from a foreign page or for a foreign host
  void check(Optional<String> host, Optional<String> origin) {
    if (!loopback) {
      return;
    }
    if (!isLoopback(host.map(OriginCheck::hostName).orElse(""))) {
      throw ApiError.forbidden(
          "host_not_allowed",
          "This server answers to names of this machine only (localhost, 127.0.0.1), not to the host \"%s\"."
              .formatted(host.orElse("")));
    }
    if (origin.isPresent() && !isOwn(origin.get(), host.orElse("")) && !listed(origin.get())) {
      throw ApiError.forbidden(
          "origin_not_allowed",
          "Pages of %s may not call this server; start it with --cors %s to let them."
              .formatted(origin.get(), origin.get()));
    }
  }

  /// Returns whether pages of this origin may read the answers.
  boolean listed(String origin) {
    return origins.contains("*") || origins.contains(origin);
  }

  private static boolean isOwn(String origin, String host) {
    String lower = origin.toLowerCase(Locale.ROOT);
    String own = host.toLowerCase(Locale.ROOT);
    return lower.equals("http://" + own) || lower.equals("https://" + own);
  }

  /// Returns `Host` without its port.
  private static String hostName(String host) {
    try {
      String name = URI.create("http://" + host).getHost();
      return name == null ? "" : name.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /// Returns whether a host name or address is this machine's own.
  static boolean isLoopback(String name) {
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || name.equals("::1")
        || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
