package org.tokapu.model.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tokapu.base.TokapuException;
import org.tokapu.model.file.ModelFiles;
import org.tokapu.model.file.ModelKind;

/// Finds the models in a folder of the store and below it.
final class StoreFolder {
  private static final Pattern MODEL_FILE =
      Pattern.compile("(?:-\\d{5}-of-\\d{5})?\\.gguf$|\\.bin$");
  private static final int DEEPEST = 6;

  private final Path root;
  private final List<StoredModel> found = new ArrayList<>();

  private StoreFolder(Path root) {
    this.root = root;
  }

  static List<StoredModel> models(Path root) {
    StoreFolder folder = new StoreFolder(root);
    if (Files.isDirectory(root)) {
      folder.visit(root, Optional.empty(), 0);
    }
    return List.copyOf(folder.found);
  }

  private void visit(Path folder, Optional<ModelOrigin> above, int depth) {
    Optional<ModelOrigin> origin = ModelOrigin.read(folder).or(() -> above);
    List<Path> children = children(folder);
    List<Path> plain = new ArrayList<>();
    Map<String, List<Path>> models = new TreeMap<>();
    boolean safetensors = false;
    for (Path child : children) {
      String name = String.valueOf(child.getFileName());
      if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        if (depth < DEEPEST && !name.startsWith(".")) {
          visit(child, origin, depth + 1);
        }
      } else if (isModelFile(child, name)) {
        String stem = MODEL_FILE.matcher(name).replaceFirst("");
        models.computeIfAbsent(stem, s -> new ArrayList<>()).add(child);
      } else {
        plain.add(child);
        safetensors |= name.endsWith(".safetensors");
      }
    }
    if (safetensors && depth > 0) {
      found.add(new StoredModel(name(folder), folder, plain, bytes(plain), origin));
    }
    boolean alone = models.size() == 1 && !safetensors && depth > 1;
    for (Map.Entry<String, List<Path>> model : models.entrySet()) {
      String name = alone ? name(folder) : name(folder.resolve(model.getKey()));
      List<Path> files = model.getValue();
      found.add(new StoredModel(name, files.getFirst(), files, bytes(files), origin));
    }
  }

  private static boolean isModelFile(Path file, String name) {
    if (name.endsWith(".gguf")) {
      return true;
    }
    return name.endsWith(".bin") && ModelFiles.kind(file) == ModelKind.LLAMA2C;
  }

  private String name(Path path) {
    return root.relativize(path).toString().replace('\\', '/');
  }

  static List<Path> children(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new TokapuException("cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  private static long bytes(List<Path> files) {
    long sum = 0;
    for (Path file : files) {
      try {
        sum += Files.size(file);
      } catch (IOException e) {
        throw new TokapuException("cannot read " + file + ": " + e.getMessage(), e);
      }
    }
    return sum;
  }
}
