package dev.backprop.platform.artifact;

import static dev.backprop.platform.artifact.ArtifactDecoder.checkGiven;
import static dev.backprop.platform.artifact.ArtifactDecoder.fault;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.drift.ColumnReference;
import dev.backprop.engine.drift.Reference;
import dev.backprop.engine.explain.Importance;
import dev.backprop.engine.plan.Insights;
import dev.backprop.engine.table.DateFormat;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a document says that the model knows of its columns, checked.
///
/// @param features null for bare numbers
/// @param inputs how many bare numbers there are; not asked for if there are features
/// @param metric that importance is a fall of
record ArtifactInsights(
    InsightsDocument document,
    @Nullable FeatureEncoder features,
    int inputs,
    Target target,
    String metric) {

  private static final int MAX_SHUFFLES = Importance.SHUFFLES;
  private static final Set<String> PARTS = Set.of("outOfFold", "calibration", "validation", "test");

  Insights decode() {
    InsightsDocument.Bins bins = document.reference();
    checkGiven("/insights/reference", bins, features != null);
    return new Insights(
        typicalRow(),
        bins == null || features == null
            ? null
            : new Reference(columns(bins.columns(), features.features()), answers(bins.answers())),
        document.importance() == null ? null : importance(document.importance()));
  }

  private int cells() {
    return features == null ? inputs : features.features().size();
  }

  private List<Double> typicalRow() {
    checkSize("/insights/typicalRow", cells(), document.typicalRow());
    List<Double> cells = new ArrayList<>();
    for (int i = 0; i < cells(); i++) {
      Double cell = document.typicalRow().get(i);
      if (cell != null && features != null) {
        checkCell("/insights/typicalRow/" + i, features.features().get(i), cell);
      }
      cells.add(cell == null ? Double.NaN : cell);
    }
    return cells;
  }

  private static void checkCell(String pointer, Feature feature, double cell) {
    switch (feature) {
      case Feature.Numeric _ -> {}
      case Feature.Date _ -> {
        if (!DateFormat.hasText(cell)) {
          throw fault(pointer, "must be the seconds of a date, was " + cell);
        }
      }
      case Feature.Categorical categories -> {
        int known = categories.categories().size();
        if (cell != Math.rint(cell) || cell < 0 || cell >= known) {
          throw fault(
              pointer, "must be an index of the %d categories, was %s".formatted(known, cell));
        }
      }
    }
  }

  private static List<ColumnReference> columns(
      List<InsightsDocument.Counted> counted, List<Feature> features) {
    String pointer = "/insights/reference/columns";
    checkSize(pointer, features.size(), counted);
    List<ColumnReference> columns = new ArrayList<>();
    for (int f = 0; f < features.size(); f++) {
      Feature feature = features.get(f);
      columns.add(
          reference(
              pointer + "/" + f,
              feature.name(),
              counted.get(f),
              feature instanceof Feature.Categorical categories
                  ? categories.categories().size()
                  : -1));
    }
    return columns;
  }

  private List<ColumnReference> answers(List<InsightsDocument.Counted> counted) {
    String pointer = "/insights/reference/answers";
    List<String> names =
        switch (target) {
          case Target.Classes classes -> List.of(classes.name());
          case Target.MultiLabel labels -> labels.names();
          case Target.Numbers numbers -> numbers.names();
          case Target.Quantiles quantiles -> List.of(quantiles.name());
          case Target.Bare _ -> throw fault(pointer, "must be left out for bare numbers");
        };
    int known =
        switch (target) {
          case Target.Classes classes -> classes.classes().size();
          case Target.MultiLabel _ -> 2;
          case Target.Numbers _, Target.Quantiles _, Target.Bare _ -> -1;
        };
    checkSize(pointer, names.size(), counted);
    List<ColumnReference> answers = new ArrayList<>();
    for (int a = 0; a < names.size(); a++) {
      answers.add(reference(pointer + "/" + a, names.get(a), counted.get(a), known));
    }
    return answers;
  }

  /// @param known how many categories there are; negative for numbers
  private static ColumnReference reference(
      String pointer, String name, InsightsDocument.Counted counted, int known) {
    checkGiven(pointer + "/edges", counted.edges(), known < 0);
    checkGiven(pointer + "/values", counted.values(), known >= 0);
    List<Double> edges = counted.edges();
    List<Integer> values = counted.values();
    if (edges != null) {
      checkEdges(pointer + "/edges", edges);
      return new ColumnReference.Numbers(
          name,
          edges.stream().mapToDouble(Double::doubleValue).toArray(),
          counts(pointer, counted.counts(), edges.size() + 2));
    }
    List<Integer> some = values == null ? List.of() : values;
    checkValues(pointer + "/values", some, known);
    return new ColumnReference.Categories(
        name, some, known, counts(pointer, counted.counts(), some.size() + 3));
  }

  private static void checkEdges(String pointer, List<Double> edges) {
    if (edges.size() > ColumnReference.EDGES) {
      throw fault(
          pointer, "must be at most %d, were %d".formatted(ColumnReference.EDGES, edges.size()));
    }
    for (int i = 1; i < edges.size(); i++) {
      if (edges.get(i) <= edges.get(i - 1)) {
        throw fault(
            pointer + "/" + i,
            "must be above the one before, %s, was %s".formatted(edges.get(i - 1), edges.get(i)));
      }
    }
  }

  private static void checkValues(String pointer, List<Integer> values, int known) {
    int most = Math.min(known, ColumnReference.VALUES);
    if (values.size() > most) {
      throw fault(pointer, "must be at most %d, were %d".formatted(most, values.size()));
    }
    Set<Integer> before = new HashSet<>();
    for (int i = 0; i < values.size(); i++) {
      int value = values.get(i);
      if (value < 0 || value >= known || !before.add(value)) {
        throw fault(
            pointer + "/" + i,
            "must be another index of the %d categories, was %d".formatted(known, value));
      }
    }
  }

  private static long[] counts(String pointer, List<Integer> counts, int bins) {
    checkSize(pointer + "/counts", bins, counts);
    for (int i = 0; i < bins; i++) {
      if (counts.get(i) < 0) {
        throw fault(pointer + "/counts/" + i, "must be at least 0, was " + counts.get(i));
      }
    }
    return counts.stream().mapToLong(Integer::longValue).toArray();
  }

  private Insights.Measured importance(InsightsDocument.Falls falls) {
    String pointer = "/insights/importance";
    if (!falls.metric().equals(metric)) {
      throw fault(pointer + "/metric", "must be %s, was %s".formatted(metric, falls.metric()));
    }
    if (!PARTS.contains(falls.part())) {
      throw fault(pointer + "/part", "must be a part of the rows, was " + falls.part());
    }
    ArtifactDecoder.atLeastOne(pointer + "/rows", falls.rows());
    if (falls.shuffles() < 0 || falls.shuffles() > MAX_SHUFFLES) {
      throw fault(
          pointer + "/shuffles",
          "must be from 0 to %d, were %d".formatted(MAX_SHUFFLES, falls.shuffles()));
    }
    checkSize(pointer + "/columns", falls.shuffles() == 0 ? 0 : cells(), falls.columns());
    List<Importance.Column> columns = new ArrayList<>();
    for (int c = 0; c < falls.columns().size(); c++) {
      InsightsDocument.Fall fall = falls.columns().get(c);
      if (fall.std() < 0) {
        throw fault(pointer + "/columns/" + c + "/std", "must be at least 0, was " + fall.std());
      }
      columns.add(new Importance.Column(c, fall.mean(), fall.std()));
    }
    return new Insights.Measured(
        falls.metric(), falls.part(), new Importance(falls.rows(), falls.shuffles(), columns));
  }

  private static void checkSize(String pointer, int expected, List<?> found) {
    if (found.size() != expected) {
      throw fault(pointer, "must be %d, were %d".formatted(expected, found.size()));
    }
  }
}
