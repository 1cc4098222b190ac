package org.tokapu.text.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokapu.text.SpecialTokens;

/// Gathers what a file says about tokens with a meaning of their own.
final class SpecialTable {
  /// Spellings of special tokens that end an answer, whatever a file says of them.
  static final Set<String> END_OF_TURN =
      Set.of(
          "<|im_end|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<|end|>",
          "<|end_of_text|>",
          "<|endoftext|>",
          "<|endofturn|>",
          "[|endofturn|]",
          "<end_of_turn>",
          "<|eot|>",
          "<|return|>",
          "<|call|>",
          "<|END_OF_TURN_TOKEN|>",
          "<｜end▁of▁sentence｜>",
          "<EOT>",
          "</s>");

  private SpecialTable() {}

  /// Spellings by which beginnings and other roles are known where no file names them.
  private static final List<String> UNKNOWN = List.of("<unk>", "[UNK]", "<|unk|>");

  /// @param ends further ids that end an answer; negative ones are ignored
  /// @param added the tokens among which known spellings are looked for
  static SpecialTokens of(
      Roles roles, int[] before, int[] after, int[] ends, List<AddedToken> added) {
    Map<String, Integer> byText = new LinkedHashMap<>();
    Set<Integer> endOfGeneration = new LinkedHashSet<>();
    for (AddedToken token : added) {
      if (token.special()) {
        byText.put(token.text(), token.id());
        if (END_OF_TURN.contains(token.text())) {
          endOfGeneration.add(token.id());
        }
      }
    }
    for (int end : ends) {
      if (end >= 0) {
        endOfGeneration.add(end);
      }
    }
    if (roles.eos() >= 0) {
      endOfGeneration.add(roles.eos());
    }
    int unknown = roles.unknown();
    for (String name : new ArrayList<>(UNKNOWN)) {
      unknown = unknown >= 0 ? unknown : byText.getOrDefault(name, -1);
    }
    int bos = roles.bos();
    return new SpecialTokens(
        bos,
        roles.eos(),
        unknown,
        roles.pad(),
        bos >= 0 && Arrays.stream(before).anyMatch(id -> id == bos),
        roles.eos() >= 0 && Arrays.stream(after).anyMatch(id -> id == roles.eos()),
        Set.copyOf(endOfGeneration),
        Map.copyOf(byText));
  }

  /// Ids by role; -1 where there is none.
  record Roles(int bos, int eos, int unknown, int pad) {
    static final Roles NONE = new Roles(-1, -1, -1, -1);
  }
}
