package org.tokapu.tensor.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.tensor.QuantFormat;

/// What holds for every format, or for every one of a kind.
class QuantConformanceTests {
  private static final int ROW = 512;

  static List<QuantFormat> all() {
    return QuantFormats.ALL;
  }

  static Stream<QuantFormat> writable() {
    return QuantFormats.ALL.stream().filter(QuantFormat::writable);
  }

  /// Formats with levels and scales, that is, all but the floats.
  static Stream<QuantFormat> searched() {
    return writable().filter(f -> f.blockSize() > 1);
  }

  private static float[] gaussian(int count, long seed, float deviation) {
    Random random = new Random(seed);
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = deviation * (float) random.nextGaussian();
    }
    return out;
  }

  private static byte[] encode(QuantFormat format, float[] x, float @Nullable [] importance) {
    byte[] out = new byte[(int) format.bytes(x.length)];
    format.encode(x, 0, x.length, importance, 0, MemorySegment.ofArray(out), 0);
    return out;
  }

  private static float[] decode(QuantFormat format, byte[] bytes, int count) {
    float[] out = new float[count];
    format.decode(MemorySegment.ofArray(bytes), 0, out, 0, count);
    return out;
  }

  private static float[] roundTrip(QuantFormat format, float[] x) {
    return decode(format, encode(format, x, null), x.length);
  }

  private static double rms(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow((double) a[i] - b[i], 2);
    }
    return Math.sqrt(sum / a.length);
  }

  /// The bits of a level, which the name tells: `Q4_K` has 4.
  private static int levelBits(QuantFormat format) {
    return format.name().charAt(format.name().indexOf('Q') + 1) - '0';
  }

  @Test
  void namesAndNumbersAreUniqueAndFound() {
    assertThat(QuantFormats.ALL).extracting(QuantFormat::name).doesNotHaveDuplicates();
    assertThat(QuantFormats.ALL).extracting(QuantFormat::ggufId).doesNotHaveDuplicates();
    for (QuantFormat format : QuantFormats.ALL) {
      assertThat(QuantFormats.byGgufId(format.ggufId())).contains(format);
      assertThat(QuantFormats.byName(format.name().toLowerCase(Locale.ROOT))).contains(format);
    }
    assertThat(QuantFormats.byGgufId(-1)).isEmpty();
    assertThat(QuantFormats.byName("Q4_Z")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void decodesInPiecesAsInOne(QuantFormat format) {
    int count = 37 * 256;
    byte[] bytes = new byte[(int) format.bytes(count)];
    new Random(7).nextBytes(bytes);
    float[] whole = decode(format, bytes, count);
    float[] pieces = new float[count + 1];
    int step = 3 * 256;
    for (int at = 0; at < count; at += step) {
      int n = Math.min(step, count - at);
      format.decode(MemorySegment.ofArray(bytes), format.bytes(at), pieces, at + 1, n);
    }
    assertThat(Arrays.copyOfRange(pieces, 1, count + 1)).isEqualTo(whole);
    assertThat(pieces[0]).isZero();
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesPartsOfBlocks(QuantFormat format) {
    if (format.blockSize() > 1) {
      byte[] bytes = new byte[2 * format.blockBytes()];
      int count = format.blockSize() + 1;
      assertThatThrownBy(() -> decode(format, bytes, count))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(format.name());
    }
    // Never beyond the memory that was given.
    byte[] tooFew = new byte[format.blockBytes() - 1];
    assertThatThrownBy(() -> decode(format, tooFew, format.blockSize()))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @MethodSource("all")
  void readOnlyFormatsSaySo(QuantFormat format) {
    if (!format.writable()) {
      assertThatThrownBy(() -> roundTrip(format, new float[format.blockSize()]))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining(format.name());
    }
  }

  @ParameterizedTest
  @MethodSource("writable")
  void encodesInPiecesAsInOne(QuantFormat format) {
    int rows = 33;
    float[] x = gaussian(rows * ROW, 1, 0.02f);
    float[] importance = gaussian(x.length, 2, 1);
    for (int i = 0; i < importance.length; i++) {
      importance[i] *= importance[i];
    }
    byte[] whole = encode(format, x, importance);
    byte[] pieces = new byte[whole.length + 2];
    long rowBytes = format.bytes(ROW);
    for (int row = rows - 1; row >= 0; row--) {
      int at = row * ROW;
      format.encode(x, at, ROW, importance, at, MemorySegment.ofArray(pieces), 1 + row * rowBytes);
    }
    assertThat(Arrays.copyOfRange(pieces, 1, whole.length + 1)).isEqualTo(whole);
    assertThat(pieces[0]).isZero();
    assertThat(pieces[pieces.length - 1]).isZero();
  }

  @ParameterizedTest
  @MethodSource("searched")
  void errorsFitTheBits(QuantFormat format) {
    float[] x = gaussian(64 * ROW, 3, 0.02f);
    double relative = rms(x, roundTrip(format, x)) / 0.02;
    // Uniform levels over +-3 deviations leave 6 / sqrt(12) / 2^bits = 1.73 / 2^bits.
    double bound = 1.73 / (1 << levelBits(format));
    assertThat(relative).isBetween(bound / 4, bound);
  }

  @ParameterizedTest
  @MethodSource("searched")
  void aSecondRoundAddsLess(QuantFormat format) {
    float[] x = gaussian(64 * ROW, 4, 0.02f);
    float[] once = roundTrip(format, x);
    float[] twice = roundTrip(format, once);
    assertThat(rms(once, twice)).isLessThan(rms(x, once) / 2);
  }

  @ParameterizedTest
  @MethodSource("writable")
  void zeroStaysZero(QuantFormat format) {
    for (float y : roundTrip(format, new float[ROW])) {
      assertThat(y == 0).isTrue(); // -0 will do
    }
  }

  @ParameterizedTest
  @MethodSource("writable")
  void constantsStayAlmostConstant(QuantFormat format) {
    for (float c : new float[] {1, -1, 0.03f, -0.03f, 5000, -5000}) {
      float[] x = new float[ROW];
      Arrays.fill(x, c);
      // One number wants a scale alone: what is left is the rounding of scales (4 bits in Q2_K) and
      // the codebook's largest gap.
      for (float y : roundTrip(format, x)) {
        assertThat(y / c).isBetween(0.97f, 1.03f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("searched")
  void oddNumbersCountAsTheDocumentationSays(QuantFormat format) {
    float[] x = gaussian(ROW, 5, 1);
    float[] odd = x.clone();
    odd[3] = Float.NaN;
    odd[40] = Float.POSITIVE_INFINITY;
    odd[300] = Float.NEGATIVE_INFINITY;
    odd[301] = -Float.MAX_VALUE;
    odd[302] = Float.MIN_VALUE;
    float[] plain = x.clone();
    plain[3] = 0;
    plain[40] = 65504;
    plain[300] = -65504;
    plain[301] = -65504;
    plain[302] = 0;
    assertThat(encode(format, odd, null)).isEqualTo(encode(format, plain, null));
    assertThat(encode(format, odd, x)).isEqualTo(encode(format, plain, x));
  }

  @ParameterizedTest
  @MethodSource("searched")
  void nothingMakesItDecodeToAnythingButNumbers(QuantFormat format) {
    float[] extremes = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      1e-30f,
      1e-20f,
      -1e-10f,
      6e-8f,
      65504,
      -65504,
      0,
      -0f,
      1
    };
    Random random = new Random(6);
    float[] x = new float[ROW];
    float[] importance = new float[ROW];
    for (int round = 0; round < 300; round++) {
      int kinds = 1 + random.nextInt(extremes.length);
      for (int i = 0; i < ROW; i++) {
        x[i] = extremes[random.nextInt(kinds)];
        importance[i] = extremes[extremes.length - 1 - random.nextInt(kinds)];
      }
      for (float y : decode(format, encode(format, x, round % 2 == 0 ? null : importance), ROW)) {
        assertThat(y).isFinite();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("searched")
  void tinyNumbersKeepTheirSize(QuantFormat format) {
    // The least F16 is 6e-8: far below, all is lost; a little above 2^-14 nothing should be.
    float[] x = gaussian(4 * ROW, 8, 1e-12f);
    for (float y : roundTrip(format, x)) {
      assertThat(Math.abs(y)).isLessThan(1e-6f);
    }
    float[] small = gaussian(4 * ROW, 8, 0.05f);
    double relative = rms(small, roundTrip(format, small)) / 0.05;
    assertThat(relative).isLessThan(1.73 / (1 << levelBits(format)));
  }

  @ParameterizedTest
  @MethodSource("searched")
  void onlyRatiosOfImportancesMatter(QuantFormat format) {
    float[] x = gaussian(8 * ROW, 9, 0.02f);
    float[] importance = new float[x.length];
    Random random = new Random(10);
    for (int i = 0; i < importance.length; i++) {
      importance[i] = random.nextFloat() + 0.01f;
    }
    byte[] expected = encode(format, x, importance);
    for (int exponent : new int[] {-100, -3, 5, 100}) {
      float[] scaled = importance.clone();
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = Math.scalb(scaled[i], exponent);
      }
      assertThat(encode(format, x, scaled)).as("2^%d", exponent).isEqualTo(expected);
    }
    assertThat(encode(format, x, new float[x.length])).isEqualTo(encode(format, x, null));
  }

  @Test
  void floatsKeepWhatTheyCannotExpressAsTheirStandardsSay() {
    float[] x = {Float.NaN, Float.POSITIVE_INFINITY, 1e30f, -65520, 65519};
    assertThat(roundTrip(F16.FORMAT, x))
        .containsExactly(
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            65504);
    float[] wide = roundTrip(Bf16.FORMAT, x);
    assertThat(wide[0]).isNaN();
    assertThat(wide[1]).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(wide[2]).isBetween(0.996e30f, 1.004e30f);
    assertThat(roundTrip(F32.FORMAT, x)).isEqualTo(x);
    // A NaN whose payload lies in the lower half must not become an infinity.
    float[] payload = {Float.intBitsToFloat(0x7f800001), Float.intBitsToFloat(0xffbfffff)};
    assertThat(roundTrip(Bf16.FORMAT, payload)).containsOnly(Float.NaN);
  }
}
