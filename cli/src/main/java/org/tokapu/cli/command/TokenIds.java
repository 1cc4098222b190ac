package org.tokapu.cli.command;

import picocli.CommandLine.TypeConversionException;

/// Token ids as a command line has them: `1,2,3` or `1 2 3`.
///
/// @param ids not to be changed
record TokenIds(int[] ids) {
  /// Reads ids.
  ///
  /// @throws TypeConversionException if one is no integer
  static TokenIds parse(String text) {
    String[] parts = text.strip().split("[,\\s]+");
    int[] ids = new int[parts.length];
    for (int i = 0; i < ids.length; i++) {
      try {
        ids[i] = Integer.parseInt(parts[i]);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + parts[i] + "' is not a token id");
      }
    }
    return new TokenIds(ids);
  }

  /// Returns the ids as commands print them: separated by spaces.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (int id : ids) {
      out.append(out.isEmpty() ? "" : " ").append(id);
    }
    return out.toString();
  }
}
