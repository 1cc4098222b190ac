package org.tokapu.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FileFailureTests {
  @Test
  void aPathAloneIsNoReason() {
    assertThat(FileFailure.reason(new AccessDeniedException("/a"))).contains("no permission");
    assertThat(FileFailure.reason(new NoSuchFileException("/a"))).contains("is not there");
    assertThat(FileFailure.reason(new FileSystemException("/a", "/b", "Read-only file system")))
        .isEqualTo("Read-only file system");
    assertThat(FileFailure.reason(new IOException("Is a directory"))).isEqualTo("Is a directory");
    assertThat(FileFailure.reason(new EOFException())).isEqualTo("EOFException");
  }
}
