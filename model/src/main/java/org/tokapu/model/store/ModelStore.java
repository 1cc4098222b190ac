package org.tokapu.model.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;

/// The folder of models on this machine: `$TOKAPU_HOME/models`, or `~/.tokapu/models`.
///
/// Whatever lies in it is a model by its place: `ORG/REPO/` as downloaded, but also files and
/// folders that a user puts there. Thread-safe as far as the file system is.
///
/// @param root the folder; it need not exist
public record ModelStore(Path root) {
  /// Keeps the root in a form that can be compared.
  public ModelStore {
    root = root.toAbsolutePath().normalize();
  }

  /// Returns the store of this user.
  ///
  /// @param environment returns a variable or null: `System::getenv`
  public static ModelStore of(Function<String, @Nullable String> environment) {
    String home = environment.apply("TOKAPU_HOME");
    Path folder =
        home == null || home.isBlank()
            ? Path.of(System.getProperty("user.home", "."), ".tokapu")
            : Path.of(home);
    return new ModelStore(folder.resolve("models"));
  }

  /// Returns all models, by name.
  public List<StoredModel> models() {
    return StoreFolder.models(root);
  }

  /// Returns what all models take on the disk, in bytes.
  public long bytes() {
    return models().stream().mapToLong(StoredModel::bytes).sum();
  }

  /// Finds a model by its name, by its path in the store (with or without `.gguf`), or by the last
  /// part of its name where only one model has it; in any case.
  ///
  /// @throws TokapuException if several models have that last part
  public Optional<StoredModel> find(String name) {
    String wanted = name.startsWith("hf:") ? name.substring(3) : name;
    List<StoredModel> models = models();
    for (StoredModel model : models) {
      String path = root.relativize(model.path()).toString().replace('\\', '/');
      if (same(wanted, model.name()) || same(wanted, path) || same(wanted + ".gguf", path)) {
        return Optional.of(model);
      }
    }
    List<StoredModel> found =
        models.stream().filter(model -> same(wanted, model.shortName())).toList();
    if (found.size() > 1) {
      throw new TokapuException(
          "'%s' may be %s; name one of them in full"
              .formatted(
                  name, found.stream().map(StoredModel::name).collect(Collectors.joining(" or "))));
    }
    return found.stream().findFirst();
  }

  /// Returns the model that is opened by `path`; nothing if it is no model of the store.
  public Optional<StoredModel> at(Path path) {
    Path wanted = path.toAbsolutePath().normalize();
    return wanted.startsWith(root)
        ? models().stream().filter(model -> model.path().equals(wanted)).findFirst()
        : Optional.empty();
  }

  private static boolean same(String a, String b) {
    return a.toLowerCase(Locale.ROOT).equals(b.toLowerCase(Locale.ROOT));
  }

  /// Deletes a model's files, and the folders that are empty without it.
  ///
  /// @return the bytes that are free now
  /// @throws TokapuException if there is no such model, or a file cannot be deleted
  public long remove(String name) {
    StoredModel model =
        find(name)
            .orElseThrow(() -> new TokapuException("the store " + root + " has no model " + name));
    try {
      for (Path file : model.files()) {
        Files.deleteIfExists(file);
      }
      prune(model.files().getFirst().getParent());
    } catch (IOException e) {
      throw new TokapuException("cannot remove " + name + ": " + e.getMessage(), e);
    }
    return model.bytes();
  }

  /// Removes folders that hold no more than what a download leaves behind, up to the root.
  private void prune(@Nullable Path folder) throws IOException {
    for (Path at = folder;
        at != null && !at.equals(root) && at.startsWith(root);
        at = at.getParent()) {
      List<Path> left = StoreFolder.children(at);
      if (!left.stream().allMatch(f -> f.endsWith(ModelOrigin.FILE))) {
        return;
      }
      for (Path file : left) {
        Files.delete(file);
      }
      Files.delete(at);
    }
  }

  /// Returns the folder of a repository: `ORG/REPO`.
  Path folder(String repository) {
    Path folder = root.resolve(repository).normalize();
    if (!folder.startsWith(root) || folder.equals(root)) {
      throw new TokapuException(repository + " would lie outside of the store; refused");
    }
    return folder;
  }
}
