package org.tokapu.model.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.Sizes;
import org.tokapu.base.TokapuException;

/// Downloads models into the store: look at the [#plan] (size, licence), then [#run] it.
///
/// A download that breaks off goes on where it stopped when it is run again; what is complete is
/// not fetched twice. A file has its name only once its hash is right. Not for several threads at
/// once.
public final class HubDownload {
  /// What is left free on the disk.
  private static final long RESERVE = 64L << 20;

  private final HubClient client;
  private final ModelStore store;

  /// Downloads by `client` into `store`.
  public HubDownload(HubClient client, ModelStore store) {
    this.client = client;
    this.store = store;
  }

  /// Asks the host and chooses the files.
  ///
  /// @throws TokapuException if there is no such model, or no best choice among several
  public DownloadPlan plan(HubReference reference) {
    HubRepository repository = client.repository(reference);
    List<HubFile> files = HubSelection.choose(repository, reference.file());
    Path folder = store.folder(repository.id());
    Map<String, String> present = fingerprints(folder);
    List<HubFile> missing = new ArrayList<>();
    long bytes = 0;
    for (HubFile file : files) {
      if (!isPresent(file, target(folder, file), present)) {
        missing.add(file);
        long left = Math.max(0, file.size() - size(FileTransfer.partOf(target(folder, file))));
        bytes = left > Long.MAX_VALUE - bytes ? Long.MAX_VALUE : bytes + left;
      }
    }
    return new DownloadPlan(repository, files, folder, List.copyOf(missing), bytes);
  }

  /// Brings what is missing.
  ///
  /// @return what to open: the (first) GGUF file, the folder of safetensors, or the one file
  /// @throws OutOfCapacityException if the disk has too little space
  /// @throws TokapuException if the host fails for too long, or sends other bytes than it lists
  public Path run(DownloadPlan plan, DownloadProgress progress) {
    checkSpace(plan);
    HubRepository repository = plan.repository();
    Map<String, String> present = fingerprints(plan.folder());
    for (HubFile file : plan.missing()) {
      Path target = target(plan.folder(), file);
      new FileTransfer(client, repository, file, target, progress).run();
      present.put(file.path(), file.fingerprint());
      new ModelOrigin(repository.id(), repository.commit(), repository.licence(), present)
          .write(plan.folder());
    }
    HubFile first = plan.files().getFirst();
    return first.path().endsWith(".safetensors") ? plan.folder() : target(plan.folder(), first);
  }

  private static Map<String, String> fingerprints(Path folder) {
    Optional<ModelOrigin> origin = ModelOrigin.read(folder);
    return origin.map(o -> new LinkedHashMap<>(o.fingerprints())).orElseGet(LinkedHashMap::new);
  }

  private static boolean isPresent(HubFile file, Path target, Map<String, String> present) {
    return Files.isRegularFile(target)
        && file.fingerprint().equals(present.get(file.path()))
        && (file.size() < 0 || size(target) == file.size());
  }

  /// The path was checked when it was read; this is the second lock on the door.
  private static Path target(Path folder, HubFile file) {
    Path target = folder.resolve(file.path()).normalize();
    if (!target.startsWith(folder) || target.equals(folder)) {
      throw new TokapuException(file.path() + " would lie outside of " + folder + "; refused");
    }
    return target;
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0; // it went meanwhile: all of it is to come
    }
  }

  private void checkSpace(DownloadPlan plan) {
    try {
      Files.createDirectories(plan.folder());
      FileStore disk = Files.getFileStore(plan.folder());
      long free = disk.getUsableSpace();
      if (plan.missingBytes() > free - RESERVE) {
        throw new OutOfCapacityException(
            "%s needs %s more on the disk of %s, which has %s free; choose a smaller file or free space"
                .formatted(
                    plan.repository().id(),
                    Sizes.bytes(plan.missingBytes()),
                    store.root(),
                    Sizes.bytes(free)));
      }
    } catch (IOException e) {
      throw new TokapuException("cannot write to " + plan.folder() + ": " + e.getMessage(), e);
    }
  }
}
