package org.tokapu.cli.command;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Settings of `tokapu serve` that are not on its command line: from the environment, then from a
/// file, under the same names.
///
/// `--chat-template` is `TOKAPU_SERVE_CHAT_TEMPLATE` in the environment and `chat-template = ...`
/// in the file; the model is `TOKAPU_SERVE_MODEL` and `model`. The file is one of Java's properties
/// in UTF-8; a name in it that is no setting is an error.
final class ServeSettings implements IDefaultValueProvider {
  private static final String PREFIX = "TOKAPU_SERVE_";
  private static final String CONFIG = "--config";

  private final Map<String, String> environment;
  private final String[] args;
  private @Nullable Properties file;

  /// @param args the whole command line, in which the file is named
  ServeSettings(Map<String, String> environment, String... args) {
    this.environment = environment;
    this.args = args.clone();
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    String name =
        arg instanceof OptionSpec option
            ? option.longestName().replaceFirst("^--?", "")
            : arg.paramLabel().toLowerCase(Locale.ROOT);
    if (arg instanceof OptionSpec option && (option.usageHelp() || option.inherited())) {
      return null;
    }
    String variable = environment.get(PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_'));
    if (variable != null || name.equals("config")) {
      return variable;
    }
    Properties settings = file();
    for (String key : settings.stringPropertyNames()) {
      if (!known(arg, key)) {
        throw new TokapuException(
            "there is no setting %s; 'tokapu serve --help' lists them".formatted(key));
      }
    }
    return settings.getProperty(name);
  }

  private static boolean known(ArgSpec arg, String key) {
    return key.equals("model") || arg.command().findOption("--" + key) != null;
  }

  private Properties file() {
    Properties read = file;
    if (read == null) {
      read = new Properties();
      String path = path();
      if (path != null) {
        try (Reader in = Files.newBufferedReader(Path.of(path), StandardCharsets.UTF_8)) {
          read.load(in);
        } catch (IOException | IllegalArgumentException e) {
          throw new TokapuException(
              "cannot read the settings in " + path + ": " + e.getMessage(), e);
        }
      }
      file = read;
    }
    return read;
  }

  private @Nullable String path() {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(CONFIG + "=")) {
        return args[i].substring(CONFIG.length() + 1);
      }
      if (args[i].equals(CONFIG) && i + 1 < args.length) {
        return args[i + 1];
      }
    }
    return environment.get(PREFIX + "CONFIG");
  }
}
