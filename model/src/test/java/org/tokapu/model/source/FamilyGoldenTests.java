package org.tokapu.model.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.Inference;
import org.tokapu.model.KvSequence;
import org.tokapu.model.TokenBatch;
import org.tokapu.model.arch.Architectures;
import org.tokapu.tensor.KernelProvider;
import org.tokapu.tensor.KvLayout.KvType;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.kernels.KernelProviders;
import org.tokapu.testkit.TestData;

/// Every family against transformers, by every kernel provider, on weights that are a formula.
class FamilyGoldenTests {
  /// Float32 against float32 in another order of additions; the golden set states at most 3e-6 of
  /// noise, and the smallest mistake (a wrong eps) moves logits by 1e-4.
  private static final float TOLERANCE = 2e-5f;

  /// Every `golden/NAME.json`.
  private static final List<String> NAMES = names();

  private static List<String> names() {
    try (Stream<Path> files = Files.list(TestData.folder("golden"))) {
      return files
          .map(f -> String.valueOf(f.getFileName()))
          .filter(f -> f.endsWith(".json"))
          .map(f -> f.substring(0, f.length() - ".json".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> cases() {
    return NAMES.stream()
        .flatMap(n ->
            KernelProviders.all().stream()
                .filter(k -> k.unsupportedBecause().isEmpty())
                .map(p -> Arguments.of(n, p.name(), p)));
  }

  @Test
  void everyFamilyHasGoldenFigures() {
    try (Arena arena = Arena.ofConfined()) {
      assertThat(NAMES.stream().map(n -> GoldenModel.load(n, arena).family().name()).distinct())
          .containsExactlyInAnyOrderElementsOf(Architectures.names());
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void logitsAndHiddenStatesOfEveryPosition(String name, String p, KernelProvider provider) {
    with(
        name,
        provider,
        (golden, inference) -> {
          JsonObject full = golden.sample("full");
          int[] rows = GoldenModel.ints(full, "rows");
          List<JsonObject> hidden = full.objects("hidden");
          Tensor logits =
              inference.logits(
                  TokenBatch.whole(GoldenModel.ids(full, "input_ids")),
                  (blocks, state) ->
                      close(
                          "hidden " + blocks,
                          gather(state, rows),
                          GoldenModel.floats(hidden.get(blocks))));
          close("logits", all(logits), GoldenModel.array(full, "logits"));
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void cachedChunkedAndBatchedEqualTheWholeBitForBit(
      String name, String p, KernelProvider provider) {
    with(
        name,
        provider,
        (golden, inference) -> {
          int[] ids = GoldenModel.ids(golden.sample("full"), "input_ids");
          float[] whole = all(inference.logits(TokenBatch.whole(ids)));
          for (int chunk : new int[] {1, 3, 7, ids.length}) {
            try (KvSequence kv = inference.pool().open()) {
              assertThat(chunked(inference, kv, ids, chunk))
                  .as("chunks of " + chunk)
                  .isEqualTo(whole);
            }
          }
          assertThat(besideAnother(inference, ids)).as("beside another").isEqualTo(whole);
          assertThat(forked(inference, ids, 5)).as("on a shared prefix").isEqualTo(whole);
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void leftPaddedBatch(String name, String p, KernelProvider provider) {
    with(
        name,
        provider,
        (golden, inference) -> {
          if (golden.json().objects("cases").size() == 1) {
            return; // made here for its rotary positions only
          }
          JsonObject c = golden.sample("leftpad");
          int[] ids = GoldenModel.ids(c, "input_ids");
          int[] mask = GoldenModel.ids(c, "attention_mask");
          int length = GoldenModel.ints(c.object("input_ids").orElseThrow(), "shape")[1];
          TokenBatch.Builder batch = TokenBatch.builder();
          for (int row = 0; row < ids.length / length; row++) {
            int from = row * length;
            int pads = length - Arrays.stream(mask, from, from + length).sum();
            batch.add(Arrays.copyOfRange(ids, from + pads, from + length), null, 1);
          }
          close("last", all(inference.logits(batch.build())), GoldenModel.array(c, "logits_last"));
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void greedyContinuation(String name, String p, KernelProvider provider) {
    with(
        name,
        provider,
        (golden, inference) -> {
          if (golden.json().objects("cases").size() == 1) {
            return; // made here for its rotary positions only
          }
          JsonObject c = golden.sample("greedy");
          int[] expected = GoldenModel.ints(c, "new_ids");
          List<Integer> got = new ArrayList<>();
          try (KvSequence kv = inference.pool().open()) {
            int[] next = GoldenModel.ids(c, "prompt_ids");
            while (got.size() < expected.length) {
              int id = argmax(inference.logits(TokenBatch.of(kv, next)).row(0));
              got.add(id);
              next = new int[] {id};
            }
          }
          assertThat(got).isEqualTo(Arrays.stream(expected).boxed().toList());
        });
  }

  private interface Body {
    void run(GoldenModel golden, Inference inference);
  }

  private static void with(String name, KernelProvider provider, Body body) {
    try (Arena arena = Arena.ofShared();
        Parallel parallel = Parallel.single()) {
      GoldenModel golden = GoldenModel.load(name, arena);
      int context = 40;
      try (Inference inference =
          new Inference(
              golden.transformer(arena, context),
              provider.create(parallel),
              KvType.F32,
              context,
              4)) {
        body.run(golden, inference);
      }
    }
  }

  private static float[] chunked(Inference inference, KvSequence kv, int[] ids, int chunk) {
    return concat(
        Math.ceilDiv(ids.length, chunk),
        i -> {
          int[] part = Arrays.copyOfRange(ids, i * chunk, Math.min(ids.length, (i + 1) * chunk));
          TokenBatch batch = TokenBatch.builder().add(part, kv, part.length).build();
          return all(inference.logits(batch));
        });
  }

  private static float[] besideAnother(Inference inference, int[] ids) {
    try (KvSequence a = inference.pool().open();
        KvSequence b = inference.pool().open()) {
      return concat(
          ids.length,
          i -> {
            TokenBatch.Builder batch = TokenBatch.builder();
            if (i % 3 != 2 && b.length() + 2 <= inference.context()) {
              batch.add(new int[] {ids[(i + 1) % ids.length], 7}, b, i % 2);
            }
            batch.add(new int[] {ids[i]}, a, 1);
            Tensor logits = inference.logits(batch.build());
            return logits.row(logits.rows() - 1);
          });
    }
  }

  private static float[] forked(Inference inference, int[] ids, int prefix) {
    try (KvSequence first = inference.pool().open()) {
      float[] head = chunked(inference, first, Arrays.copyOf(ids, prefix), prefix);
      chunked(inference, first, new int[] {3, 5}, 2); // goes another way
      try (KvSequence fork = first.fork(prefix)) {
        float[] tail = chunked(inference, fork, Arrays.copyOfRange(ids, prefix, ids.length), 4);
        return concat(2, i -> i == 0 ? head : tail);
      }
    }
  }

  private static float[] concat(int count, IntFunction<float[]> parts) {
    List<float[]> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(parts.apply(i));
    }
    float[] out = new float[all.stream().mapToInt(a -> a.length).sum()];
    int at = 0;
    for (float[] a : all) {
      System.arraycopy(a, 0, out, at, a.length);
      at += a.length;
    }
    return out;
  }

  private static float[] gather(Tensor x, int[] rows) {
    return concat(rows.length, i -> x.row(rows[i]));
  }

  private static float[] all(Tensor x) {
    return concat(x.rows(), x::row);
  }

  private static int argmax(float[] x) {
    int best = 0;
    for (int i = 1; i < x.length; i++) {
      best = x[i] > x[best] ? i : best;
    }
    return best;
  }

  private static void close(String what, float[] got, float[] expected) {
    assertThat(got).as(what).hasSize(expected.length);
    float worst = 0;
    for (int i = 0; i < got.length; i++) {
      worst = Math.max(worst, Math.abs(got[i] - expected[i]));
    }
    assertThat(worst).as("largest difference of " + what).isLessThan(TOLERANCE);
  }
}
