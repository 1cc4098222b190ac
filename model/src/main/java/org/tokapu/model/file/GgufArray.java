package org.tokapu.model.file;

import java.lang.foreign.MemorySegment;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.tokapu.base.ModelFormatException;

/// An array of a GGUF file's metadata: an unmodifiable list of plain Java values that remembers its
/// element type.
///
/// Arrays of an open file are views of the mapped memory: elements are decoded when they are asked
/// for (a vocabulary of 256,000 strings costs nothing until then), and are gone when the file is
/// closed. Equal to any list of equal elements.
public abstract sealed class GgufArray extends AbstractList<Object> implements RandomAccess {
  private final GgufType elementType;

  private GgufArray(GgufType elementType) {
    this.elementType = elementType;
  }

  /// Holds a copy of `elements`, each a plain value of `elementType`.
  ///
  /// @throws IllegalArgumentException if an element does not fit the type
  public static GgufArray of(GgufType elementType, List<?> elements) {
    List<Object> copy = List.copyOf(elements);
    for (Object element : copy) {
      if (!elementType.holds(element)) {
        throw new IllegalArgumentException(
            "an array of " + elementType + " cannot hold " + element);
      }
    }
    return new Held(elementType, copy);
  }

  /// Returns the type of the elements.
  public GgufType elementType() {
    return elementType;
  }

  /// Returns this as a list of strings.
  ///
  /// @throws IllegalStateException if the elements are no strings
  @SuppressWarnings("unchecked") // the element type is checked
  public List<String> strings() {
    require(elementType == GgufType.STRING, "strings");
    return (List<String>) (List<?>) this;
  }

  /// Returns a copy as float32 numbers; integers are converted.
  ///
  /// @throws IllegalStateException if the elements are no numbers
  public float[] floats() {
    require(elementType.isFloat() || elementType.isInteger(), "numbers");
    float[] out = new float[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = ((Number) get(i)).floatValue();
    }
    return out;
  }

  /// Returns a copy as 64-bit integers.
  ///
  /// @throws IllegalStateException if the elements are no integers, or one is beyond 63 bits
  public long[] longs() {
    require(elementType.isInteger(), "integers");
    long[] out = new long[size()];
    for (int i = 0; i < out.length; i++) {
      Object value = get(i);
      require(value instanceof Long, "63-bit integers");
      out[i] = (Long) value;
    }
    return out;
  }

  private void require(boolean condition, String wanted) {
    if (!condition) {
      throw new IllegalStateException(
          "an array of " + elementType + " was asked for its " + wanted);
    }
  }

  /// Numbers or truth values where they lie in the file.
  static final class Mapped extends GgufArray {
    private final MemorySegment bytes;

    Mapped(GgufType elementType, MemorySegment bytes) {
      super(elementType);
      this.bytes = bytes;
    }

    /// Returns the elements as they are stored.
    MemorySegment bytes() {
      return bytes;
    }

    @Override
    public Object get(int index) {
      Objects.checkIndex(index, size());
      return elementType().read(bytes, (long) index * elementType().minBytes());
    }

    @Override
    public int size() {
      return (int) (bytes.byteSize() / elementType().minBytes());
    }
  }

  /// Strings where they lie in the file.
  static final class Strings extends GgufArray {
    private final MemorySegment data;
    private final long[] offsets;
    private final String file;
    private final String key;

    /// @param offsets where each string's length stands in `data`
    Strings(MemorySegment data, long[] offsets, String file, String key) {
      super(GgufType.STRING);
      this.data = data;
      this.offsets = offsets;
      this.file = file;
      this.key = key;
    }

    /// @throws ModelFormatException if the string is not UTF-8
    @Override
    public Object get(int index) {
      Objects.checkIndex(index, offsets.length);
      long at = offsets[index];
      int length = (int) data.get(ByteCursor.LONG, at);
      return Utf8.decode(data, at + 8, length, file, key + "[" + index + "]");
    }

    @Override
    public int size() {
      return offsets.length;
    }
  }

  private static final class Held extends GgufArray {
    private final List<Object> elements;

    Held(GgufType elementType, List<Object> elements) {
      super(elementType);
      this.elements = elements;
    }

    @Override
    public Object get(int index) {
      return elements.get(index);
    }

    @Override
    public int size() {
      return elements.size();
    }
  }
}
