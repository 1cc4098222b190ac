package org.tokapu.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.tokapu.base.Sizes;
import org.tokapu.cli.console.Console;
import org.tokapu.model.store.ModelStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tokapu rm`: deletes models of the local store.
@Command(name = "rm")
final class RmCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", arity = "1..*", paramLabel = "NAME", descriptionKey = "storedName")
  List<String> names = List.of();

  RmCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ModelStore store = Models.store(console);
    for (String name : names) {
      console.say("rm.done", name, Sizes.bytes(store.remove(name)));
    }
    return 0;
  }
}
