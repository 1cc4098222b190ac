package org.tokapu.engine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// The memory that a model may use, in bytes.
///
/// @param total what the machine has, or what its container allows
/// @param available what can be taken now without swapping; pages of files count as available
public record Memory(long total, long available) {

  /// Reads the state of this machine.
  public static Memory now() {
    long total =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    long free =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize();
    return new Memory(total, Math.min(total, available(Path.of("/proc/meminfo"), free)));
  }

  /// Linux counts reclaimable pages in `MemAvailable`; elsewhere there is only what is free.
  static long available(Path meminfo, long free) {
    if (!Files.isReadable(meminfo)) {
      return free;
    }
    try {
      return Files.readAllLines(meminfo).stream()
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .filter(digits -> !digits.isEmpty())
          .mapToLong(kib -> Long.parseLong(kib) * 1024)
          .findFirst()
          .orElse(free);
    } catch (IOException e) {
      return free;
    }
  }
}
