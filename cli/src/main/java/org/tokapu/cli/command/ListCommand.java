package org.tokapu.cli.command;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.tokapu.base.Sizes;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Table;
import org.tokapu.model.store.Licence;
import org.tokapu.model.store.ModelStore;
import org.tokapu.model.store.StoredModel;
import picocli.CommandLine.Command;

/// `tokapu list`: the models of the local store.
@Command(name = "list")
final class ListCommand implements Callable<Integer> {
  private final Console console;

  ListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ModelStore store = Models.store(console);
    List<StoredModel> models = store.models();
    if (models.isEmpty()) {
      console.say("list.empty", store.root());
      return 0;
    }
    Table table = new Table("lrl");
    for (StoredModel model : models) {
      table.row(model.name(), Sizes.bytes(model.bytes()), terms(Licences.of(model)));
    }
    table.print(console.out());
    return 0;
  }

  private String terms(Optional<Licence> licence) {
    return licence
        .map(l ->
            l.terms() == Licence.Terms.NON_COMMERCIAL
                ? console.messages().text("list.nonCommercial", l.id())
                : l.id())
        .orElseGet(() -> console.messages().text("list.unknown"));
  }
}
