package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.spec.Metric;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a model stands among others: the headline, and the figures that lists can be sorted by, of
/// the same rows.
///
/// @param headline null if no rows judged the model
/// @param figures by name, finite ones only
public record Standing(@Nullable Headline headline, Map<String, Double> figures) {

  /// By the names of their figures.
  private static final Map<String, Metric> METRICS = metrics();

  /// What the headline and a figure take in memory.
  private static final long HEADLINE_BYTES = 200;

  private static final long FIGURE_BYTES = 80;

  public static final Standing NONE = new Standing(null, Map.of());

  public Standing {
    Map<String, Double> kept = new LinkedHashMap<>();
    // The names that are known take no memory of their own.
    for (String name : METRICS.keySet()) {
      Double figure = figures.get(name);
      if (figure != null && Double.isFinite(figure)) {
        kept.put(name, figure);
      }
    }
    figures = Map.copyOf(kept);
  }

  /// The figures that there are to sort by.
  public static Set<String> names() {
    return METRICS.keySet();
  }

  private static Map<String, Metric> metrics() {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      metrics.put(metric.figure(), metric);
    }
    return Collections.unmodifiableMap(metrics);
  }

  public static Standing of(Learned learned) {
    Map<String, Double> figures = new LinkedHashMap<>();
    String part = Headline.part(learned.evaluations());
    Evaluation evaluation = part == null ? null : learned.evaluations().get(part);
    if (evaluation != null) {
      figures.putAll(evaluation.figures());
    } else if (learned.crossValidation() != null) {
      learned
          .crossValidation()
          .metrics()
          .forEach((name, figure) -> figures.put(name, figure.mean()));
    }
    return new Standing(Headline.of(learned), figures);
  }

  /// The place that a figure gives, the lowest being the best; null without that figure.
  ///
  /// @param name one of [#names]
  public @Nullable Double place(String name) {
    Double figure = figures.get(name);
    Metric metric = METRICS.get(name);
    // 0 - x, since lists do not tell 0 from -0.
    return figure == null || metric == null
        ? null
        : Double.valueOf(metric.higherIsBetter() ? 0 - figure : figure);
  }

  /// About what it takes in memory.
  public long bytes() {
    return (headline == null ? 0 : HEADLINE_BYTES) + FIGURE_BYTES * figures.size();
  }
}
