package dev.backprop.spark.training;

import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.DateFormat;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.TableBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What all shards know of a column. Where they take it for different things, it is categories.
///
/// @param type null if there are too many texts to keep
/// @param labels as [ColumnFacts] has them
record MergedColumn(
    String name,
    @Nullable ColumnType type,
    long rows,
    long missing,
    @Nullable Map<Label, Long> labels,
    List<String> missingTexts,
    @Nullable DateFormat date,
    double min,
    double max,
    boolean integers,
    List<String> notes) {

  /// Distinct values beyond which a text column is left out unless it is typed.
  private static final int MAX_INFERRED_CATEGORIES = 1000;

  /// With so many values or more, a text column is left out if more than half of them are distinct.
  private static final int MIN_IDENTIFIERS = 100;

  /// @param shards of the same column, in their order, at least one
  static MergedColumn of(List<ColumnFacts> shards) {
    List<ColumnFacts> some =
        shards.stream().filter(shard -> shard.missing() < shard.rows()).toList();
    List<ColumnFacts> telling = some.isEmpty() ? List.of(shards.getFirst()) : some;
    ColumnFacts first = telling.getFirst();
    Set<@Nullable ColumnType> types = new HashSet<>();
    Set<@Nullable DateFormat> formats = new HashSet<>();
    Set<String> texts = new LinkedHashSet<>();
    Set<String> notes = new LinkedHashSet<>();
    for (ColumnFacts shard : telling) {
      types.add(shard.type());
      formats.add(shard.date());
      texts.addAll(shard.missingTexts());
      notes.addAll(shard.notes());
    }
    boolean alike =
        types.size() == 1
            && formats.size() == 1
            && (first.type() == ColumnType.CATEGORICAL || texts.size() <= 3);
    ColumnType type = types.contains(null) ? null : alike ? first.type() : ColumnType.CATEGORICAL;
    if (!alike && type != null) {
      notes.add(
          "column '%s' is read in different ways in different parts of the data, and is taken for categories; to have it otherwise, say its type"
              .formatted(first.name()));
    }
    Map<Label, Long> labels = labels(telling, alike ? List.of() : List.copyOf(texts));
    return new MergedColumn(
        first.name(),
        type,
        shards.stream().mapToLong(ColumnFacts::rows).sum(),
        shards.stream().mapToLong(ColumnFacts::missing).sum(),
        labels,
        alike ? List.copyOf(texts) : List.of(),
        alike ? first.date() : null,
        telling.stream().mapToDouble(ColumnFacts::min).min().orElse(0),
        telling.stream().mapToDouble(ColumnFacts::max).max().orElse(0),
        telling.stream().allMatch(ColumnFacts::integers),
        List.copyOf(notes));
  }

  /// Those that came as numbers in some shards and as texts in others are texts.
  ///
  /// @param more texts that are categories too
  private static @Nullable Map<Label, Long> labels(List<ColumnFacts> shards, List<String> more) {
    Map<String, Long> counts = new LinkedHashMap<>();
    boolean numbers = more.isEmpty();
    boolean limited = false;
    for (ColumnFacts shard : shards) {
      Map<Label, Long> labels = shard.labels();
      if (labels == null) {
        return null;
      }
      labels.forEach((label, count) -> counts.merge(label.text(), count, Long::sum));
      numbers &= labels.keySet().stream().allMatch(label -> label.kind() == Label.Kind.NUMBER);
      limited |= shard.type() != ColumnType.CATEGORICAL && shard.type() != ColumnType.BOOLEAN;
    }
    more.forEach(text -> counts.merge(text, 1L, Long::sum));
    if (counts.size() > (limited ? ColumnFacts.MOST_LABELS : TableBuilder.MAX_CATEGORIES)) {
      return null;
    }
    boolean truths = shards.stream().allMatch(shard -> shard.type() == ColumnType.BOOLEAN);
    Map<Label, Long> merged = new TreeMap<>();
    for (Map.Entry<String, Long> entry : counts.entrySet()) {
      String text = entry.getKey();
      merged.put(
          truths
              ? Label.bool(Boolean.parseBoolean(text))
              : new Label(text, numbers ? Label.Kind.NUMBER : Label.Kind.TEXT),
          entry.getValue());
    }
    return merged;
  }

  boolean ofCategories() {
    return type == ColumnType.CATEGORICAL || type == ColumnType.BOOLEAN;
  }

  List<Label> categories() {
    return labels == null ? List.of() : new ArrayList<>(labels.keySet());
  }

  /// Why nothing can be learned from it; null if something can be.
  ///
  /// @param typed whether the spec says its type
  @Nullable String uselessness(boolean typed) {
    if (type == null || (ofCategories() && labels == null)) {
      return "has more than %d distinct texts"
          .formatted(type == null ? TableBuilder.MAX_CATEGORIES : ColumnFacts.MOST_LABELS);
    }
    if (missing == rows) {
      return "has no value";
    }
    if (missing == 0 && min == max && (!ofCategories() || categories().size() == 1)) {
      return "is constant";
    }
    if (typed || !ofCategories()) {
      return null;
    }
    int distinct = categories().size();
    long values = rows - missing;
    if (distinct > MAX_INFERRED_CATEGORIES) {
      return "has %d distinct texts, more than %d".formatted(distinct, MAX_INFERRED_CATEGORIES);
    }
    return values >= MIN_IDENTIFIERS && 2L * distinct > values
        ? "has %d distinct texts in %d rows".formatted(distinct, values)
        : null;
  }
}
