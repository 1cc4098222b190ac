package org.tokapu.base;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Why a file could not be read or written, in words: the exceptions of the JDK often hold nothing
/// but the path.
public final class FileFailure {
  private FileFailure() {}

  /// Returns cause and remedy, to follow `cannot read FILE: `.
  public static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "no permission; check its owner and mode";
      case NoSuchFileException gone -> "it, or the folder it belongs in, is not there";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
