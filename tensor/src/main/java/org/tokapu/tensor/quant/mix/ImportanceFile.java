package org.tokapu.tensor.quant.mix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.tokapu.base.FileFailure;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;

/// Reads the old binary form of an importance matrix, llama.cpp's `imatrix.dat`.
///
/// All numbers are little-endian, 32 bits:
///
/// | what | how |
/// |---|---|
/// | number of entries | int |
/// | each entry: length of the name, the name | int, UTF-8 without terminator |
/// | number of calls that were added up, `n` | int |
/// | number of values | int |
/// | values: sums of squared activations over `n` calls | floats |
/// | optional: number of the last chunk, length of the data set's name, the name | int, int, UTF-8 |
///
/// An entry with `n` below 1 holds means already.
public final class ImportanceFile {
  private static final long LARGEST = 1L << 30;

  private final String file;
  private final ByteBuffer in;

  private ImportanceFile(String file, ByteBuffer in) {
    this.file = file;
    this.in = in;
  }

  /// Reads a file.
  ///
  /// @throws ModelFormatException if it is truncated or not of this form
  /// @throws TokapuException if it is absent or cannot be read
  public static ImportanceMatrix load(Path path) {
    try {
      long size = Files.size(path);
      if (size > LARGEST) {
        throw new ModelFormatException(
            path.toString(), "file", size + " bytes are too many for an importance matrix");
      }
      return parse(Files.readAllBytes(path), path.toString());
    } catch (NoSuchFileException e) {
      throw new TokapuException("there is no file " + path + "; check the name", e);
    } catch (IOException e) {
      throw new TokapuException(
          path + ": cannot be read as an importance matrix: " + FileFailure.reason(e), e);
    }
  }

  /// Reads the contents of a file; `name` is for messages.
  public static ImportanceMatrix parse(byte[] contents, String name) {
    ByteBuffer in = ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN);
    return new ImportanceFile(name, in).read();
  }

  private ImportanceMatrix read() {
    if (in.remaining() >= 4 && in.getInt(0) == 0x46554747) {
      throw new ModelFormatException(
          file, "header", "is GGUF, the newer form of importance matrices; open it as such");
    }
    int entries = number("number of entries", 1, in.remaining() / 12);
    Map<String, float[]> sums = new HashMap<>();
    Map<String, float[]> counts = new HashMap<>();
    for (int i = 0; i < entries; i++) {
      String name = text("name of entry " + i);
      int calls = number(name + ": calls", Integer.MIN_VALUE, Integer.MAX_VALUE);
      int count = number(name + ": number of values", 1, Integer.MAX_VALUE);
      if (count > in.remaining() / 4) {
        throw truncated(name, count + " values");
      }
      float[] values = new float[count];
      in.asFloatBuffer().get(values);
      in.position(in.position() + 4 * count);
      if (sums.put(name, values) != null) {
        throw new ModelFormatException(file, name, "appears twice");
      }
      counts.put(name, new float[] {Math.max(1, calls)});
    }
    return ImportanceMatrix.of(file, sums, counts);
  }

  private int number(String field, int min, int max) {
    if (in.remaining() < 4) {
      throw truncated(field, "4 bytes");
    }
    int value = in.getInt();
    if (value < min || value > max) {
      throw new ModelFormatException(
          file, field, value + " cannot be right; is this an importance matrix?");
    }
    return value;
  }

  private String text(String field) {
    int length = number(field + ": length", 1, Integer.MAX_VALUE);
    if (length > in.remaining()) {
      throw truncated(field, length + " bytes");
    }
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(file, field, "is not UTF-8", e);
    }
  }

  private ModelFormatException truncated(String field, String needed) {
    return new ModelFormatException(
        file,
        field,
        "needs %s, the file has %d left; it is truncated".formatted(needed, in.remaining()));
  }
}
