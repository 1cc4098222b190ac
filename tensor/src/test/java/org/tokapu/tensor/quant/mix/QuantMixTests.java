package org.tokapu.tensor.quant.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.tensor.quant.F16;
import org.tokapu.tensor.quant.F32;
import org.tokapu.tensor.quant.Q2K;
import org.tokapu.testkit.TestData;

class QuantMixTests {
  private static final JsonObject GOLDEN = TestData.json("golden/quant-mix.json");

  record Case(String model, String mix, List<MixTensor> tensors, String letters, MixModel facts) {
    @Override
    public String toString() {
      return mix + " " + model + (facts.importance() ? " importance" : "");
    }
  }

  static Stream<Case> choosesAsLlamaCpp() {
    List<Case> cases = new ArrayList<>();
    for (Object o : GOLDEN.list("models")) {
      JsonObject m = JsonObject.of(o, "quant-mix.json", "models");
      List<MixTensor> tensors =
          m.list("tensors").stream()
              .map(t -> ((String) t).split(" "))
              .map(f -> new MixTensor(f[0], Integer.parseInt(f[1]), Long.parseLong(f[2])))
              .toList();
      for (String key : List.of("plain", "importance")) {
        MixModel facts =
            new MixModel(
                m.integer("layers").orElseThrow(),
                m.integer("heads").orElseThrow(),
                m.integer("kvHeads").orElseThrow(),
                m.integer("experts").orElseThrow(),
                m.flag("tied").orElseThrow(),
                key.equals("importance"));
        m.object(key)
            .orElseThrow()
            .map()
            .forEach((mix, letters) ->
                cases.add(
                    new Case(
                        m.text("model").orElseThrow(), mix, tensors, (String) letters, facts)));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource
  void choosesAsLlamaCpp(Case c) {
    JsonObject legend = GOLDEN.object("legend").orElseThrow();
    QuantMix mix = QuantMix.byName(c.mix).orElseThrow();
    List<String> expected = new ArrayList<>();
    List<String> ours = new ArrayList<>();
    for (int i = 0; i < c.letters.length(); i++) {
      MixTensor t = c.tensors.get(i);
      expected.add(t.name() + " " + legend.text(c.letters.substring(i, i + 1)).orElseThrow());
      ours.add(t.name() + " " + mix.format(t, c.facts).name());
    }
    assertThat(ours).hasSize(c.tensors.size()).isEqualTo(expected);
  }

  @Test
  void hasTheFileTypeNumbersOfLlamaCpp() {
    JsonObject numbers = GOLDEN.object("fileTypes").orElseThrow();
    assertThat(QuantMix.ALL).hasSize(numbers.map().size() + 1);
    for (QuantMix mix : QuantMix.ALL) {
      int number = mix.name().equals("F32") ? 0 : numbers.integer(mix.name()).orElseThrow();
      assertThat(mix.fileType()).as(mix.name()).isEqualTo(number);
      assertThat(QuantMix.byFileType(number)).contains(mix);
      assertThat(QuantMix.byName(mix.name().toLowerCase(java.util.Locale.ROOT))).contains(mix);
    }
    assertThat(QuantMix.byFileType(1024)).isEmpty();
  }

  @Test
  void knowsShortNames() {
    assertThat(QuantMix.byName("q4_k")).map(QuantMix::name).contains("Q4_K_M");
    assertThat(QuantMix.byName("Q3_K")).map(QuantMix::name).contains("Q3_K_M");
    assertThat(QuantMix.byName("Q5_K")).map(QuantMix::name).contains("Q5_K_M");
    assertThat(QuantMix.byName("Q4_K_XL")).isEmpty();
  }

  @Test
  void writesEveryFormatThatItChooses() {
    choosesAsLlamaCpp()
        .forEach(c ->
            c.tensors.forEach(t ->
                assertThat(QuantMix.byName(c.mix).orElseThrow().format(t, c.facts).writable())
                    .isTrue()));
  }

  @Test
  void fallsBackToF16WhereNoBlockFits() {
    MixModel model = new MixModel(2, 4, 4, 0, false, false);
    for (QuantMix mix : QuantMix.ALL) {
      MixTensor odd = new MixTensor("blk.1.ffn_down.weight", 2, 172);
      int bits = mix.base().blockSize() == 1 ? mix.base().ggufId() : F16.FORMAT.ggufId();
      assertThat(mix.format(odd, model).ggufId()).as(mix.name()).isEqualTo(bits);
    }
  }

  @Test
  void aPureMixHasOneFormatForAllMatrices() {
    MixModel model = new MixModel(32, 32, 8, 0, true, false);
    QuantMix pure = QuantMix.byName("Q4_K_M").orElseThrow().pure();
    for (String name :
        List.of(
            "output.weight", "token_embd.weight", "blk.0.attn_v.weight", "blk.0.ffn_down.weight")) {
      assertThat(pure.format(new MixTensor(name, 2, 256), model).name()).as(name).isEqualTo("Q4_K");
    }
    assertThat(pure.format(new MixTensor("blk.0.ffn_down.weight", 2, 96), model).name())
        .isEqualTo("Q5_0");
    assertThat(pure.format(new MixTensor("output_norm.weight", 1, 256), model))
        .isEqualTo(F32.FORMAT);
    assertThat(pure.fileType()).isEqualTo(15);
  }

  @Test
  void leavesDelicateParametersAlone() {
    MixModel model = new MixModel(2, 4, 4, 0, false, false);
    QuantMix mix = QuantMix.byName("Q2_K_S").orElseThrow();
    for (String name :
        List.of("position_embd.weight", "blk.0.attn_q_norm.weight", "blk.0.attn_q.bias")) {
      assertThat(mix.format(new MixTensor(name, 2, 256), model)).isEqualTo(F32.FORMAT);
    }
    assertThat(mix.format(new MixTensor("blk.999999999999.x.weight", 2, 256), model))
        .isEqualTo(Q2K.FORMAT);
  }
}
