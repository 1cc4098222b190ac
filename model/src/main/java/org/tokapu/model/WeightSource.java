package org.tokapu.model;

import java.util.Optional;
import java.util.Set;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// A file of parameters, asked by their GGUF names whatever kind of file it is.
///
/// Owns the memory that it hands out: closing it unmaps every weight. Thread-safe for reading.
public interface WeightSource extends AutoCloseable {
  /// Returns what the file is called, for messages.
  String name();

  /// Returns where this source's matrices put the two elements of a rotary pair.
  RopeTable.Layout ropeLayout();

  /// Returns the GGUF names of all parameters.
  Set<String> names();

  /// Returns a parameter as the file has it, vectors as `[1, n]`, or nothing if there is none of
  /// this name.
  Optional<Weight.Stored> stored(String name);

  /// Returns how many rows (outputs) the matrix `name` has in the file.
  ///
  /// @throws org.tokapu.base.ModelFormatException if it is absent
  int rows(String name);

  /// Returns a matrix, or nothing if the file has none of this name.
  ///
  /// @throws org.tokapu.base.ModelFormatException if it is there in another shape
  Optional<Weight.Stored> find(String name, int rows, int cols);

  /// Returns a vector decoded to float32, `[1, cols]`, or nothing if the file has none of this
  /// name.
  Optional<Tensor> findVector(String name, int cols);

  /// Returns a matrix.
  ///
  /// @throws org.tokapu.base.ModelFormatException if it is absent or in another shape; the message
  ///   names the nearest names
  Weight.Stored weight(String name, int rows, int cols);

  /// Returns a vector decoded to float32, `[1, cols]`.
  Tensor vector(String name, int cols);

  /// Returns a projection: the matrix `name.weight` and, if there is one, the vector `name.bias`.
  default Linear linear(String name, int rows, int cols) {
    return new Linear(
        weight(name + ".weight", rows, cols), findVector(name + ".bias", rows).orElse(null));
  }

  @Override
  void close();
}
