package org.tokapu.model.store;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;

/// What a user asks a hub for: `hf:ORG/REPO[:FILE][@REVISION]`.
///
/// @param organisation who owns the repository
/// @param repository its name
/// @param file the wanted file, or a part of its name such as `Q5_K_M`; empty: what suits best
/// @param revision a branch, tag or commit
public record HubReference(
    String organisation, String repository, Optional<String> file, String revision) {
  private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9._-]{0,95}";
  private static final Pattern FORM =
      Pattern.compile(
          "hf:(%s)/(%s)(?::([^@]+))?(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,254}))?"
              .formatted(NAME, NAME));

  /// Reads `hf:ORG/REPO[:FILE][@REVISION]`.
  ///
  /// @throws TokapuException if the text has another form, or its names could not be those of files
  public static HubReference parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || text.contains("..")) {
      throw new TokapuException(
          "'" + text + "' is no reference to a model; the form is hf:ORG/REPO[:FILE][@REVISION]");
    }
    @Nullable String file = parts.group(3);
    if (file != null) {
      HubFile.checkPath(file, text);
    }
    @Nullable String revision = parts.group(4);
    return new HubReference(
        parts.group(1),
        parts.group(2),
        Optional.ofNullable(file),
        revision == null ? "main" : revision);
  }

  /// Returns `ORG/REPO`.
  public String id() {
    return organisation + "/" + repository;
  }
}
