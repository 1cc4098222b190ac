package org.tokapu.model.source;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.model.WeightSource;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// The weights of an open file: shapes checked, vectors decoded, absent names explained.
///
/// Borrows the mapping: the file that it was made for closes it.
final class MappedWeights implements WeightSource {
  private final String file;
  private final RopeTable.Layout ropeLayout;
  private final Set<String> names;
  private final Function<String, Weight.@Nullable Stored> lookup;
  private final Arena arena;

  /// @param names all names, under GGUF's spelling
  /// @param lookup finds a tensor by such a name; vectors come as `[1, n]`
  /// @param arena keeps decoded vectors; must live as long as the file
  MappedWeights(
      String file,
      RopeTable.Layout ropeLayout,
      Set<String> names,
      Function<String, Weight.@Nullable Stored> lookup,
      Arena arena) {
    this.file = file;
    this.ropeLayout = ropeLayout;
    this.names = names;
    this.lookup = lookup;
    this.arena = arena;
  }

  /// Checks the shape of a matrix, or of a vector as `[1, n]`.
  static void checkShape(Path file, String name, long rows, long cols) {
    if (rows <= 0 || cols <= 0 || rows > Integer.MAX_VALUE || cols > Integer.MAX_VALUE) {
      throw new ModelFormatException(
          file.toString(), name, "has the impossible shape [%d, %d]".formatted(rows, cols));
    }
  }

  @Override
  public String name() {
    return file;
  }

  @Override
  public RopeTable.Layout ropeLayout() {
    return ropeLayout;
  }

  @Override
  public Set<String> names() {
    return names;
  }

  @Override
  public Optional<Weight.Stored> stored(String name) {
    return Optional.ofNullable(lookup.apply(name));
  }

  @Override
  public int rows(String name) {
    return required(name).rows();
  }

  @Override
  public Optional<Weight.Stored> find(String name, int rows, int cols) {
    Weight.Stored found = lookup.apply(name);
    if (found != null && (found.rows() != rows || found.cols() != cols)) {
      throw new ModelFormatException(
          file,
          name,
          "has the shape [%d, %d], the configuration says [%d, %d]"
              .formatted(found.rows(), found.cols(), rows, cols));
    }
    return Optional.ofNullable(found);
  }

  @Override
  public Optional<Tensor> findVector(String name, int cols) {
    return find(name, 1, cols).map(this::decode);
  }

  private Tensor decode(Weight.Stored stored) {
    float[] values = new float[stored.cols()];
    stored.decodeRow(0, values, 0);
    return Tensor.of(arena, 1, values.length, values);
  }

  @Override
  public Weight.Stored weight(String name, int rows, int cols) {
    return find(name, rows, cols).orElseThrow(() -> missing(name));
  }

  @Override
  public Tensor vector(String name, int cols) {
    return findVector(name, cols).orElseThrow(() -> missing(name));
  }

  private Weight.Stored required(String name) {
    Weight.Stored found = lookup.apply(name);
    if (found == null) {
      throw missing(name);
    }
    return found;
  }

  private ModelFormatException missing(String name) {
    List<String> near =
        names.stream().sorted(Comparator.comparingInt(n -> distance(n, name))).limit(3).toList();
    return new ModelFormatException(
        file,
        name,
        "is missing; the nearest of its %d tensors are %s".formatted(names.size(), near));
  }

  /// Edit distance, for messages.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  @Override
  public void close() {}
}
