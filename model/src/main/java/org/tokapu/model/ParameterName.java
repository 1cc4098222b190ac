package org.tokapu.model;

import org.jspecify.annotations.Nullable;

/// One parameter's name in both kinds of files; `{}` stands for the layer's number.
///
/// @param form how GGUF's matrix relates to Hugging Face's
public record ParameterName(String gguf, String huggingFace, Form form) {
  /// What has to be done to Hugging Face's matrix to get GGUF's.
  public enum Form {
    /// Nothing.
    SAME,
    /// Rows of each query head are reordered, from halves to interleaved pairs.
    QUERY_ROWS,
    /// Rows of each key head are reordered, from halves to interleaved pairs.
    KEY_ROWS,
    /// Hugging Face stores `[in, out]` (GPT-2's Conv1D).
    TRANSPOSED
  }

  /// Returns a parameter that is the same in both files.
  public static ParameterName of(String gguf, String huggingFace) {
    return new ParameterName(gguf, huggingFace, Form.SAME);
  }

  /// Returns the same names with another form.
  public ParameterName as(Form other) {
    return new ParameterName(gguf, huggingFace, other);
  }

  /// Returns Hugging Face's name of the GGUF parameter `name`, or null if this is not its pattern.
  public @Nullable String huggingFaceOf(String name) {
    return rewrite(name, gguf, huggingFace);
  }

  /// Returns GGUF's name of the Hugging Face parameter `name`, or null if this is not its pattern.
  public @Nullable String ggufOf(String name) {
    return rewrite(name, huggingFace, gguf);
  }

  private static @Nullable String rewrite(
      String name, String from, String to) {
    int hole = from.indexOf("{}");
    if (hole < 0) {
      return name.equals(from) ? to : null;
    }
    String before = from.substring(0, hole);
    String after = from.substring(hole + 2);
    if (!name.startsWith(before)
        || !name.endsWith(after)
        || name.length() <= before.length() + after.length()) {
      return null;
    }
    String number = name.substring(before.length(), name.length() - after.length());
    return number.chars().allMatch(c -> c >= '0' && c <= '9') ? to.replace("{}", number) : null;
  }
}
