package org.tokapu.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.tokapu.base.Sizes;

class PrintingTests {
  @Test
  void sizesAreRoundedInTheirUnit() {
    assertThat(Sizes.bytes(0)).isEqualTo("0 B");
    assertThat(Sizes.bytes(1023)).isEqualTo("1023 B");
    assertThat(Sizes.bytes(1024)).isEqualTo("1.0 KiB");
    assertThat(Sizes.bytes(637L << 20)).isEqualTo("637 MiB");
    assertThat(Sizes.bytes((1L << 20) - 1)).isEqualTo("1.0 MiB");
    assertThat(Sizes.count(260_032)).isEqualTo("260 K");
    assertThat(Sizes.count(1_100_048_384L)).isEqualTo("1.1 B");
    assertThat(Sizes.count(12)).isEqualTo("12");
  }

  @Test
  void timesReadAsClocks() {
    assertThat(Sizes.time(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(Sizes.time(Duration.ofSeconds(187))).isEqualTo("3:07");
    assertThat(Sizes.time(Duration.ofSeconds(3723))).isEqualTo("1:02:03");
  }

  @Test
  void hangulTakesTwoCells() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Table("lr")
        .row("너비", "1")
        .row("dim", "20")
        .print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("너비   1", "dim   20");
  }
}
