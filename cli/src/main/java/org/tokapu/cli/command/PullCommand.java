package org.tokapu.cli.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.tokapu.base.Sizes;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Progress;
import org.tokapu.model.store.DownloadPlan;
import org.tokapu.model.store.DownloadProgress;
import org.tokapu.model.store.HubClient;
import org.tokapu.model.store.HubDownload;
import org.tokapu.model.store.HubFile;
import org.tokapu.model.store.HubReference;
import org.tokapu.model.store.ModelStore;
import org.tokapu.model.store.StoredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tokapu pull`: brings a model from a hub into the local store.
@Command(name = "pull")
final class PullCommand implements Callable<Integer> {
  private final Console console;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "hf:ORG/REPO[:FILE]", descriptionKey = "reference")
  String reference;

  PullCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ModelStore store = Models.store(console);
    HubReference wanted = Arguments.checked(spec, () -> HubReference.parse(reference));
    try (HubClient client = HubClient.of(console.environment()::get)) {
      HubDownload download = new HubDownload(client, store);
      DownloadPlan plan = download.plan(wanted);
      show(plan);
      Path path;
      try (Bars bars = new Bars(console)) {
        path = download.run(plan, bars);
      }
      console.out().println(store.at(path).map(StoredModel::name).orElse(path.toString()));
    }
    return 0;
  }

  private void show(DownloadPlan plan) {
    console.say(
        "pull.plan",
        plan.repository().id(),
        plan.files().size(),
        Sizes.bytes(plan.files().stream().mapToLong(f -> Math.max(0, f.size())).sum()),
        plan.folder());
    plan.repository().licence().ifPresent(l -> console.say("licence.is", l.id()));
    Licences.warn(console, plan.repository().licence());
    if (plan.missing().isEmpty()) {
      console.say("pull.present");
    }
  }

  /// A bar for each file, and a line for what goes wrong on the way.
  private static final class Bars implements DownloadProgress, AutoCloseable {
    private final Console console;
    private String path = "";
    private Progress bar;

    Bars(Console console) {
      this.console = console;
      bar = new Progress(console, "", Progress.Unit.BYTES);
    }

    @Override
    public void advanced(HubFile file, long done, long total) {
      if (!file.path().equals(path)) {
        bar.close();
        path = file.path();
        bar = new Progress(console, path, Progress.Unit.BYTES);
      }
      bar.at(done, total);
    }

    @Override
    public void waiting(HubFile file, Duration pause, String reason) {
      bar.close();
      console.say("pull.waiting", file.path(), reason, Sizes.time(pause));
    }

    @Override
    public void checking(HubFile file) {
      bar.close();
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
