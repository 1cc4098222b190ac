package org.tokapu.cli.command;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads token ids from a command line: `1,2,3` or `1 2 3`.
final class TokenIds implements ITypeConverter<int[]> {
  @Override
  public int[] convert(String value) {
    String[] parts = value.strip().split("[,\\s]+");
    int[] ids = new int[parts.length];
    for (int i = 0; i < ids.length; i++) {
      try {
        ids[i] = Integer.parseInt(parts[i]);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + parts[i] + "' is not a token id");
      }
    }
    return ids;
  }

  /// Returns ids as commands print them: separated by spaces.
  static String join(int[] ids) {
    StringBuilder out = new StringBuilder();
    Arrays.stream(ids).forEach(id -> out.append(out.isEmpty() ? "" : " ").append(id));
    return out.toString();
  }
}
