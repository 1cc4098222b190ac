package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokapu.base.Sizes;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Table;
import org.tokapu.engine.Memory;
import org.tokapu.tensor.kernels.CpuFeatures;
import org.tokapu.tensor.kernels.KernelProviders;
import picocli.CommandLine.Command;

/// `tokapu doctor`: what this machine offers and what Tokapu makes of it.
@Command(name = "doctor")
final class DoctorCommand implements Callable<Integer> {
  private final Console console;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    CpuFeatures cpu = CpuFeatures.read();
    Memory memory = Memory.now();
    Path store = Models.store(console).root();
    Table table = new Table("ll");
    row(table, "doctor.jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
    row(
        table,
        "doctor.system",
        System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    row(table, "doctor.cpu", "%s, %d x".formatted(cpu.name(), cpu.cores()));
    rows(table, "doctor.features", cpu.features());
    rows(table, "doctor.kernels", KernelProviders.explain());
    row(
        table,
        "doctor.memory",
        text("doctor.of", Sizes.bytes(memory.available()), Sizes.bytes(memory.total())));
    row(table, "doctor.heap", Sizes.bytes(Runtime.getRuntime().maxMemory()));
    row(table, "doctor.store", store.toString());
    row(table, "doctor.disk", text("doctor.free", Sizes.bytes(usable(store))));
    table.print(console.out());
    return 0;
  }

  private void row(Table table, String key, String value) {
    table.row(text(key), value);
  }

  private void rows(Table table, String key, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      table.row(i == 0 ? text(key) : "", values.get(i));
    }
  }

  private String text(String key, Object... arguments) {
    return console.messages().text(key, arguments);
  }

  /// The store may not exist yet: its nearest existing folder is on the same disk.
  private static long usable(Path folder) throws IOException {
    Path existing = folder.toAbsolutePath();
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return Files.getFileStore(existing).getUsableSpace();
  }
}
