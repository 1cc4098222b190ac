package org.tokapu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.base.OutOfCapacityException;

class MemoryPlanTests {
  private static final long GIB = 1L << 30;

  @Test
  void namesTheLargestContextThatFits() {
    MemoryPlan plan = new MemoryPlan(4 * GIB, 1 << 20, 6 * GIB);
    int fits = plan.largestContext(100_000);
    assertThat(plan.needed(fits)).isLessThanOrEqualTo(6 * GIB);
    assertThat(plan.needed(fits + 1)).isGreaterThan(6 * GIB);
    plan.require(fits);
    assertThatThrownBy(() -> plan.require(fits + 1))
        .isInstanceOf(OutOfCapacityException.class)
        .hasMessageContaining("--ctx " + fits)
        .hasMessageContaining("4.0 GiB");
  }

  @Test
  void saysSoWhenNotEvenTheWeightsFit() {
    MemoryPlan plan = new MemoryPlan(8 * GIB, 1 << 20, 6 * GIB);
    assertThat(plan.largestContext(4096)).isZero();
    assertThatThrownBy(() -> plan.require(1)).hasMessageContaining("smaller model");
  }

  @Test
  void readsWhatLinuxCallsAvailable(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("meminfo");
    Files.writeString(file, "MemTotal:  100 kB\nMemFree:  10 kB\nMemAvailable:   60 kB\n");
    assertThat(Memory.available(file, 7)).isEqualTo(60 * 1024);
    assertThat(Memory.available(folder.resolve("none"), 7)).isEqualTo(7);
    Files.writeString(file, "nothing of use\n");
    assertThat(Memory.available(file, 7)).isEqualTo(7);
    assertThat(Memory.now().available()).isPositive().isLessThanOrEqualTo(Memory.now().total());
  }
}
