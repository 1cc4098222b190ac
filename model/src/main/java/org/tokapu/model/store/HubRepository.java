package org.tokapu.model.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.json.JsonObject;

/// A repository at one commit, as the host describes it.
///
/// @param id `ORG/REPO`
/// @param commit the commit that the listing is of
/// @param licence what the model card says
/// @param files all files
public record HubRepository(
    String id, String commit, Optional<Licence> licence, List<HubFile> files) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");

  /// Reads the host's answer about `reference`.
  ///
  /// @throws ModelFormatException if it is not what the protocol says, or names unsafe paths
  static HubRepository of(HubReference reference, JsonObject answer) {
    String commit = answer.text("sha").orElse(reference.revision());
    if (!SHA1.matcher(commit).matches() && !commit.equals(reference.revision())) {
      throw answer.wrong("sha", "is no commit: " + commit);
    }
    List<HubFile> files = new ArrayList<>();
    for (JsonObject sibling : answer.objects("siblings")) {
      files.add(file(sibling));
    }
    Optional<Licence> licence = answer.object("cardData").flatMap(HubRepository::licence);
    return new HubRepository(reference.id(), commit, licence, List.copyOf(files));
  }

  private static HubFile file(JsonObject sibling) {
    String path =
        sibling.text("rfilename").orElseThrow(() -> sibling.wrong("rfilename", "is absent"));
    Optional<JsonObject> lfs = sibling.object("lfs");
    Object size = lfs.filter(l -> l.has("size")).orElse(sibling).map().get("size");
    return new HubFile(
        path,
        size instanceof Long n && n >= 0 ? n : -1,
        lfs.flatMap(l -> hash(l, "sha256", SHA256)),
        lfs.isPresent() ? Optional.empty() : hash(sibling, "blobId", SHA1));
  }

  private static Optional<String> hash(JsonObject from, String key, Pattern form) {
    Optional<String> hash = from.text(key);
    if (hash.isPresent() && !form.matcher(hash.get()).matches()) {
      throw from.wrong(key, "is no hash: " + hash.get());
    }
    return hash;
  }

  /// A card may name several licences; the first counts. `other` has its name in a field of its
  /// own.
  private static Optional<Licence> licence(JsonObject card) {
    Object value = card.map().get("license");
    if (value instanceof List<?> several && !several.isEmpty()) {
      value = several.getFirst();
    }
    if (!(value instanceof String id)) {
      return Optional.empty();
    }
    String name = id.equals("other") ? card.text("license_name").orElse(id) : id;
    return Optional.of(Licence.of(name));
  }
}
