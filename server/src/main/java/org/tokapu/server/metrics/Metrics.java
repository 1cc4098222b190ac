package org.tokapu.server.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;

/// All metrics of a server. Thread-safe.
///
/// @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">the format</a>
public final class Metrics {
  /// The kind of content that [#write] makes.
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final List<Family> families = new CopyOnWriteArrayList<>();

  /// A metric with its values for all labels.
  public sealed interface Family {
    /// Appends its lines.
    void write(StringBuilder out);
  }

  /// Adds a number that only grows.
  public Counter counter(String name, String help) {
    Counter counter = new Counter(name, help);
    families.add(counter);
    return counter;
  }

  /// Adds a number that is asked for when it is read.
  public void gauge(String name, String help, DoubleSupplier value) {
    families.add(new Gauge(name, help, value));
  }

  /// Adds a distribution.
  ///
  /// @param bounds the upper bounds of the buckets, rising
  public Histogram histogram(String name, String help, double... bounds) {
    Histogram histogram = new Histogram(name, help, bounds.clone());
    families.add(histogram);
    return histogram;
  }

  /// Writes everything.
  public String write() {
    StringBuilder out = new StringBuilder();
    families.forEach(family -> family.write(out));
    return out.toString();
  }

  private static void head(StringBuilder out, String name, String help, String type) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder out, String name, String labels, double value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(number(value)).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /// Returns labels as the format has them, from names and values in turn.
  static String labels(String... namesAndValues) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      out.append(i == 0 ? "" : ",")
          .append(namesAndValues[i])
          .append("=\"")
          .append(
              namesAndValues[i + 1]
                  .replace("\\", "\\\\")
                  .replace("\"", "\\\"")
                  .replace("\n", "\\n"))
          .append('"');
    }
    return out.toString();
  }

  /// A number that only grows, for each combination of labels. Thread-safe.
  public static final class Counter implements Family {
    private final String name;
    private final String help;
    private final Map<String, DoubleAdder> values = new ConcurrentSkipListMap<>();

    private Counter(String name, String help) {
      this.name = name;
      this.help = help;
    }

    /// Adds to it.
    ///
    /// @param labels names and values in turn
    public void add(double amount, String... labels) {
      values.computeIfAbsent(Metrics.labels(labels), key -> new DoubleAdder()).add(amount);
    }

    @Override
    public void write(StringBuilder out) {
      head(out, name, help, "counter");
      values.forEach((labels, value) -> line(out, name, labels, value.sum()));
    }
  }

  private record Gauge(String name, String help, DoubleSupplier value) implements Family {
    @Override
    public void write(StringBuilder out) {
      head(out, name, help, "gauge");
      line(out, name, "", value.getAsDouble());
    }
  }

  /// How often values fell below bounds. Thread-safe.
  public static final class Histogram implements Family {
    private final String name;
    private final String help;
    private final double[] bounds;
    private final long[] counts;
    private double sum;
    private long count;

    private Histogram(String name, String help, double[] bounds) {
      this.name = name;
      this.help = help;
      this.bounds = bounds;
      counts = new long[bounds.length];
    }

    /// Counts a value.
    public synchronized void observe(double value) {
      sum += value;
      count++;
      for (int i = 0; i < bounds.length; i++) {
        if (value <= bounds[i]) {
          counts[i]++;
        }
      }
    }

    @Override
    public synchronized void write(StringBuilder out) {
      head(out, name, help, "histogram");
      for (int i = 0; i < bounds.length; i++) {
        String bound = String.format(Locale.ROOT, "le=\"%s\"", number(bounds[i]));
        line(out, name + "_bucket", bound, (double) counts[i]);
      }
      line(out, name + "_bucket", "le=\"+Inf\"", (double) count);
      line(out, name + "_sum", "", sum);
      line(out, name + "_count", "", (double) count);
    }
  }
}
