package org.tokapu.cli.command;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.Sizes;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Table;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.Memory;
import org.tokapu.engine.MemoryPlan;
import org.tokapu.model.Transformer;
import org.tokapu.model.file.StoredTensors;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.model.store.Licence;
import org.tokapu.tensor.KvLayout.KvType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tokapu inspect`: what a model file holds, and whether this machine can run it.
@Command(name = "inspect")
final class InspectCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "MODEL", descriptionKey = "model")
  String model;

  @Option(names = "--json")
  boolean json;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path path = Models.find(console, model);
    try (StoredTensors tensors = StoredTensors.open(path);
        ModelSource source = ModelSources.open(path);
        Arena arena = Arena.ofShared()) {
      Transformer.Shape shape = source.load(arena, 1).shape();
      MemoryPlan plan =
          new MemoryPlan(
              tensors.bytes(), LanguageModel.kvBytes(shape, KvType.F32), Memory.now().available());
      Optional<Licence> licence = Licences.of(console, source);
      Map<String, @Nullable Object> facts = facts(source, tensors, shape, licence);
      memory(facts, shape, plan);
      if (json) {
        facts.put("hyperparameters", source.hyperparameters().values());
        facts.put("tensors", list(tensors));
        console.out().println(Json.writePretty(facts));
      } else {
        print(facts);
      }
      Licences.warn(console, licence);
    }
    return 0;
  }

  private static Map<String, @Nullable Object> facts(
      ModelSource source,
      StoredTensors tensors,
      Transformer.Shape shape,
      Optional<Licence> licence) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("path", source.path().toString());
    out.put("kind", source.kind());
    out.put("architecture", source.architecture().name());
    out.put("licence", licence.map(Licence::id).orElse(null));
    out.put("parameters", tensors.elements());
    out.put("layers", shape.layers());
    out.put("dim", shape.dim());
    out.put("heads", shape.heads());
    out.put("kv_heads", shape.kvHeads());
    out.put("head_dim", shape.headDim());
    out.put("vocabulary", shape.vocabulary());
    out.put("trained_context", shape.trainedContext());
    out.put("tokenizer", tokenizer(source));
    out.put("chat_template", source.chatTemplate().isPresent());
    out.put("formats", formats(tensors));
    return out;
  }

  /// A broken tokenizer must not hide the rest: what is wrong with it is one fact more.
  private static Object tokenizer(ModelSource source) {
    try {
      return source.tokenizer().isPresent();
    } catch (TokapuException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// Returns the number of tensors of each format.
  private static Map<String, Integer> formats(StoredTensors tensors) {
    Map<String, Integer> out = new TreeMap<>();
    tensors.entries().forEach(t -> out.merge(t.type(), 1, Integer::sum));
    return out;
  }

  private static void memory(
      Map<String, @Nullable Object> facts, Transformer.Shape shape, MemoryPlan plan) {
    int context = Math.min(shape.trainedContext(), shape.maxPositions());
    facts.put("weight_bytes", plan.weights());
    facts.put("kv_bytes_per_token", plan.kvPerToken());
    facts.put("kv_bytes_at_trained_context", plan.kvPerToken() * context);
    facts.put("memory_needed_at_trained_context", plan.needed(context));
    facts.put("memory_available", plan.available());
    facts.put("largest_context_that_fits", plan.largestContext(context));
  }

  private static List<Map<String, Object>> list(StoredTensors tensors) {
    List<Map<String, Object>> out = new ArrayList<>();
    for (StoredTensors.Entry t : tensors.entries()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", t.name());
      List<Long> shape = new ArrayList<>();
      for (long d : t.shape()) {
        shape.add(d);
      }
      entry.put("shape", shape);
      entry.put("format", t.type());
      entry.put("bytes", t.bytes());
      out.add(entry);
    }
    return out;
  }

  private void print(Map<String, @Nullable Object> facts) {
    Table table = new Table("ll");
    facts.forEach(
        (key, value) -> table.row(console.messages().text("inspect." + key), show(key, value)));
    table.print(console.out());
  }

  private String show(String key, @Nullable Object value) {
    return switch (value) {
      case null -> console.messages().text("unknown");
      case Boolean b -> console.messages().text(b ? "yes" : "no");
      case Long n when key.contains("bytes") || key.contains("memory") -> Sizes.bytes(n);
      case Long n -> "%s (%d)".formatted(Sizes.count(n), n);
      case Map<?, ?> map ->
          String.join(
              ", ", map.entrySet().stream().map(e -> e.getKey() + " x " + e.getValue()).toList());
      default -> value.toString();
    };
  }
}
