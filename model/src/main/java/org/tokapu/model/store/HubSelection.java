package org.tokapu.model.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tokapu.base.Sizes;
import org.tokapu.base.TokapuException;

/// Chooses which files of a repository make up the model that is wanted.
///
/// A named file is taken as it is named, or as the one GGUF file whose name contains it. Else the
/// only GGUF file, or among several the `Q4_K_M` one; else the safetensors with their configuration
/// and tokenizer. The parts of a split GGUF file count as one.
final class HubSelection {
  private static final String PREFERRED = "Q4_K_M";
  private static final Pattern PART = Pattern.compile("-\\d{5}-of-\\d{5}(?=\\.gguf$)");
  private static final Set<String> SIDE_FILES =
      Set.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "vocab.txt",
          "merges.txt",
          "tokenizer.model",
          "spiece.model",
          "chat_template.jinja",
          "README.md",
          "LICENSE",
          "LICENSE.txt",
          "LICENSE.md");

  private HubSelection() {}

  /// @throws TokapuException if there is no such file, no model, or no best one
  static List<HubFile> choose(HubRepository repository, Optional<String> wanted) {
    Map<String, List<HubFile>> models = ggufModels(repository.files());
    if (wanted.isPresent()) {
      return named(repository, models, wanted.get());
    }
    if (models.size() == 1) {
      return models.values().iterator().next();
    }
    if (models.size() > 1) {
      return single(repository, containing(models, PREFERRED), models);
    }
    return safetensors(repository);
  }

  /// Groups the GGUF files: the parts of a split one are one model. Projectors of images are no
  /// models of their own.
  private static Map<String, List<HubFile>> ggufModels(List<HubFile> files) {
    return files.stream()
        .filter(f -> f.path().endsWith(".gguf") && !f.name().startsWith("mmproj"))
        .collect(
            Collectors.groupingBy(
                f -> PART.matcher(f.path()).replaceFirst(""),
                LinkedHashMap::new,
                Collectors.toList()));
  }

  private static List<HubFile> named(
      HubRepository repository, Map<String, List<HubFile>> models, String wanted) {
    for (List<HubFile> model : models.values()) {
      if (model.stream().anyMatch(f -> f.path().equals(wanted))) {
        return model;
      }
    }
    for (HubFile file : repository.files()) {
      if (file.path().equals(wanted)) {
        return List.of(file);
      }
    }
    Map<String, List<HubFile>> found = containing(models, wanted);
    if (found.isEmpty()) {
      throw new TokapuException(
          repository.id() + " has no file " + wanted + "; it has " + names(repository, models));
    }
    return single(repository, found, models);
  }

  private static Map<String, List<HubFile>> containing(
      Map<String, List<HubFile>> models, String text) {
    Pattern whole =
        Pattern.compile(
            "(?<![A-Za-z0-9])" + Pattern.quote(text) + "(?![A-Za-z0-9_])",
            Pattern.CASE_INSENSITIVE);
    Map<String, List<HubFile>> found = new LinkedHashMap<>(models);
    found.keySet().removeIf(path -> !whole.matcher(path).find());
    return found;
  }

  private static List<HubFile> single(
      HubRepository repository,
      Map<String, List<HubFile>> found,
      Map<String, List<HubFile>> models) {
    if (found.size() == 1) {
      return found.values().iterator().next();
    }
    throw new TokapuException(
        "%s has several models; name one as hf:%s:FILE. It has %s"
            .formatted(repository.id(), repository.id(), names(repository, models)));
  }

  private static String names(HubRepository repository, Map<String, List<HubFile>> models) {
    if (models.isEmpty()) {
      return repository.files().stream().map(HubFile::path).collect(Collectors.joining(", "));
    }
    return models.entrySet().stream()
        .map(e -> e.getKey() + " (" + Sizes.bytes(total(e.getValue())) + ")")
        .collect(Collectors.joining(", "));
  }

  private static long total(List<HubFile> files) {
    return files.stream().mapToLong(f -> Math.max(0, f.size())).sum();
  }

  private static List<HubFile> safetensors(HubRepository repository) {
    List<HubFile> weights = new ArrayList<>();
    boolean standard = false;
    for (HubFile file : repository.files()) {
      if (file.path().endsWith(".safetensors") && !file.path().contains("/")) {
        weights.add(file);
        standard |= file.name().startsWith("model");
      }
    }
    if (weights.isEmpty()) {
      throw new TokapuException(
          repository.id()
              + " has neither GGUF nor safetensors files; look for a repository that has, its name"
              + " often ends in -GGUF");
    }
    if (standard) { // Others are the same weights in another layout, or parts that are not the
      // model.
      weights.removeIf(f -> !f.name().startsWith("model"));
    }
    for (HubFile file : repository.files()) {
      String path = file.path();
      if (SIDE_FILES.contains(path)
          || (path.toLowerCase(Locale.ROOT).startsWith("additional_chat_templates/")
              && path.endsWith(".jinja"))
          || (!path.contains("/") && path.endsWith(".safetensors.index.json"))) {
        weights.add(file);
      }
    }
    return weights;
  }
}
