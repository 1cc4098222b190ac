package org.tokapu.cli.command;

import java.util.Optional;
import org.tokapu.base.TokapuException;
import org.tokapu.cli.console.Console;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.model.store.Licence;
import org.tokapu.model.store.ModelOrigin;
import org.tokapu.model.store.StoredModel;

/// The licences of models, and what users are told about them.
final class Licences {
  private Licences() {}

  /// Returns the licence of an open model: what the file says, else what the hub said when it was
  /// pulled.
  static Optional<Licence> of(Console console, ModelSource source) {
    return source
        .licence()
        .map(Licence::of)
        .or(() ->
            Models.store(console)
                .at(source.path())
                .flatMap(StoredModel::origin)
                .flatMap(ModelOrigin::licence));
  }

  /// Returns the licence of a model in the store, opening it if the hub said nothing.
  static Optional<Licence> of(StoredModel model) {
    return model.origin().flatMap(ModelOrigin::licence).or(() -> ofFile(model));
  }

  private static Optional<Licence> ofFile(StoredModel model) {
    try (ModelSource source = ModelSources.open(model.path())) {
      return source.licence().map(Licence::of);
    } catch (TokapuException e) {
      return Optional.empty(); // a broken model must not hide the others
    }
  }

  /// Says what a user should know before relying on a model; nothing if the licence is free.
  static void warn(Console console, Optional<Licence> licence) {
    if (licence.isEmpty()) {
      console.say("licence.unknown");
      return;
    }
    String id = licence.get().id();
    switch (licence.get().terms()) {
      case FREE -> {}
      case SHARE_ALIKE -> console.say("licence.shareAlike", id);
      case CONDITIONS -> console.say("licence.conditions", id);
      case NON_COMMERCIAL -> console.say("licence.nonCommercial", id);
      case UNKNOWN -> console.say("licence.unfamiliar", id);
    }
  }
}
