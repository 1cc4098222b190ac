package org.tokapu.model.store;

import java.time.Duration;

/// Hears how a download goes on; called by the thread that downloads.
public interface DownloadProgress {
  /// Some bytes of a file have come.
  ///
  /// @param done how many of it are there
  /// @param total how many it has, or -1 if unknown
  void advanced(HubFile file, long done, long total);

  /// The host or the connection failed and is tried again after a pause.
  default void waiting(HubFile file, Duration pause, String reason) {}

  /// All bytes are there and are being checked against the hash.
  default void checking(HubFile file) {}

  /// Hears nothing.
  static DownloadProgress none() {
    return (file, done, total) -> {};
  }
}
