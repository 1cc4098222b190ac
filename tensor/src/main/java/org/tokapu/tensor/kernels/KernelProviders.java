package org.tokapu.tensor.kernels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.tensor.KernelProvider;
import org.tokapu.tensor.reference.ReferenceProvider;
import org.tokapu.tensor.vector.Precision;
import org.tokapu.tensor.vector.VectorProvider;

/// Every source of kernels: ours, one line each, and those that a [ServiceLoader] finds.
public final class KernelProviders {
  /// The system property that names the provider to use, whatever its rank.
  public static final String PROPERTY = "tokapu.kernels";

  /// The providers of this module.
  public static final List<KernelProvider> BUILT_IN =
      List.of(
          new VectorProvider(Precision.FAST),
          new VectorProvider(Precision.EXACT),
          new ReferenceProvider());

  private KernelProviders() {}

  /// Returns all providers, the one of highest rank first. An extra one that fails to load is left
  /// out.
  public static List<KernelProvider> all() {
    List<KernelProvider> all = new ArrayList<>(BUILT_IN);
    ServiceLoader.load(KernelProvider.class).stream()
        .forEach(extra -> {
          try {
            all.add(extra.get());
          } catch (ServiceConfigurationError e) {
            System.getLogger(KernelProviders.class.getName())
                .log(System.Logger.Level.WARNING, "kernels left out: " + e.getMessage());
          }
        });
    all.sort(Comparator.comparingInt(KernelProvider::rank).reversed());
    return all;
  }

  /// Returns the provider `name`; without one, the provider that the system property
  /// `tokapu.kernels` names; without that, the supported one of highest rank.
  ///
  /// @throws TokapuException if the named one is unknown or declines
  public static KernelProvider choose(@Nullable String name) {
    List<KernelProvider> all = all();
    String wanted = name != null ? name : System.getProperty(PROPERTY);
    if (wanted == null) {
      return all.stream().filter(p -> p.unsupportedBecause().isEmpty()).findFirst().orElseThrow();
    }
    KernelProvider found =
        all.stream()
            .filter(p -> p.name().equals(wanted))
            .findFirst()
            .orElseThrow(() ->
                new TokapuException(
                    "there are no kernels named '%s'; known: %s"
                        .formatted(
                            wanted,
                            all.stream()
                                .map(KernelProvider::name)
                                .collect(Collectors.joining(", ")))));
    found
        .unsupportedBecause()
        .ifPresent(why -> {
          throw new TokapuException("the '%s' kernels cannot run: %s".formatted(wanted, why));
        });
    return found;
  }

  /// Returns one line per provider: which one runs, and why not the others.
  public static List<String> explain() {
    String chosen = choose(null).name();
    List<String> lines = new ArrayList<>();
    for (KernelProvider p : all()) {
      Optional<String> declines = p.unsupportedBecause();
      if (p.name().equals(chosen)) {
        lines.add("%s: runs (%s)".formatted(p.name(), p.describe()));
      } else {
        lines.add(
            "%s: not used, %s".formatted(p.name(), declines.orElse(chosen + " is preferred")));
      }
    }
    return lines;
  }
}
