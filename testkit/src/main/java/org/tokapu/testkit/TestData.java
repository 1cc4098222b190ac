package org.tokapu.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// Finds test data: golden figures in the test resources, and the large reference set beside the
/// repository (`../shared/testdata`, or `-Dtokapu.testdata` / `$TOKAPU_TESTDATA`).
public final class TestData {
  private TestData() {}

  /// Returns the reference file or folder `path`, or nothing if the reference set is absent.
  ///
  /// Use with JUnit's `assumeTrue(file.isPresent(), "SKIPPED: ...")`, so that a skip is loud.
  public static Optional<Path> find(String path) {
    String set = System.getProperty("tokapu.testdata", System.getenv("TOKAPU_TESTDATA"));
    Path root =
        set != null
            ? Path.of(set)
            : Path.of(System.getProperty("tokapu.repository", "..")).resolve("../shared/testdata");
    Path file = root.resolve(path).normalize();
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  /// Returns whether the reference set is there.
  public static boolean present() {
    return find("README.md").isPresent();
  }

  /// Reads a test resource, `golden/...`, of the module under test.
  public static byte[] resource(String name) {
    try (InputStream in =
        Thread.currentThread().getContextClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no test resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns a folder of test resources of the module under test.
  public static Path folder(String name) {
    URL url = Thread.currentThread().getContextClassLoader().getResource(name);
    if (url == null) {
      throw new IllegalArgumentException("no test resource " + name);
    }
    return Path.of(URI.create(url.toString()));
  }

  /// Reads a test resource that holds a JSON object.
  public static JsonObject json(String name) {
    return Json.parseObject(resource(name), name);
  }

  /// Reads a JSON object of the reference set; call only if [#find] has found it.
  public static JsonObject json(Path file) {
    try {
      return Json.parseObject(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
