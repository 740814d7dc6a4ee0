package dev.backprop.platform.artifact;

import static dev.backprop.platform.artifact.ArtifactDecoder.fault;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.NumberCode;
import dev.backprop.engine.data.Pool;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.DateFormat;
import dev.backprop.engine.table.DatePart;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.problem.Excerpt;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The columns of a document, checked.
final class ArtifactColumns {

  private static final String COLUMNS = "/input/columns";

  private ArtifactColumns() {}

  static Schema.Field field(String pointer, ModelDocument.Column column) {
    ColumnType type = constant(pointer + "/type", column.type(), ColumnType.values());
    Schema.Role role = constant(pointer + "/role", column.role(), Schema.Role.values());
    boolean used = role == Schema.Role.FEATURE || role == Schema.Role.TARGET;
    List<Label> categories = column.categories();
    if (categories != null) {
      if (!used || !hasCategories(type)) {
        throw fault(
            pointer + "/categories",
            "do not go with a %s column that is %s".formatted(column.type(), column.role()));
      }
      checkCategories(pointer + "/categories", type, categories);
    } else if (used && hasCategories(type)) {
      throw fault(pointer + "/categories", "are required for a %s column".formatted(column.type()));
    }
    boolean measured = type == ColumnType.NUMERIC && role == Schema.Role.FEATURE;
    if (measured != (column.statistics() != null)) {
      throw fault(
          pointer + "/statistics",
          "must be those of a numeric feature, %s for a %s %s"
              .formatted(measured ? "are none" : "are given", column.type(), column.role()));
    }
    if (column.statistics() != null) {
      checkStatistics(pointer + "/statistics", column.statistics());
    }
    boolean dated = type == ColumnType.DATE && role == Schema.Role.FEATURE;
    if (dated != (column.dates() != null)) {
      throw fault(
          pointer + "/dates",
          "must be those of a feature of dates, %s for a %s %s"
              .formatted(dated ? "are none" : "are given", column.type(), column.role()));
    }
    return new Schema.Field(
        column.name(),
        type,
        column.nullable(),
        categories == null ? List.of() : categories,
        role,
        column.reason(),
        false,
        column.missingTokens() == null ? List.of() : column.missingTokens(),
        column.dates() == null ? null : dates(pointer + "/dates", column.dates()));
  }

  private static boolean hasCategories(ColumnType type) {
    return switch (type) {
      case CATEGORICAL, BOOLEAN -> true;
      case NUMERIC, DATE -> false;
    };
  }

  private static DateFormat dates(String pointer, ModelDocument.Dates dates) {
    DateFormat format;
    try {
      format = new DateFormat(dates.pattern(), dates.zone());
    } catch (IllegalArgumentException e) {
      throw fault(pointer, Excerpt.of(String.valueOf(e.getMessage())));
    }
    List<String> names = format.parts().stream().map(ArtifactEncoder::word).toList();
    List<String> given = dates.parts().stream().map(ModelDocument.DatePart::name).toList();
    if (!names.equals(given)) {
      throw fault(
          pointer + "/parts",
          "must be the %d of the pattern in their order, %s, were %d"
              .formatted(names.size(), String.join(", ", names), given.size()));
    }
    for (int p = 0; p < names.size(); p++) {
      checkStatistics(pointer + "/parts/" + p + "/statistics", dates.parts().get(p).statistics());
    }
    return format;
  }

  private static void checkCategories(String pointer, ColumnType type, List<Label> categories) {
    int max = type == ColumnType.BOOLEAN ? 2 : TableBuilder.MAX_CATEGORIES;
    if (categories.isEmpty() || categories.size() > max) {
      throw fault(pointer, "must be from 1 to %d, were %d".formatted(max, categories.size()));
    }
    checkSorted(pointer, categories);
    for (int i = 0; i < categories.size(); i++) {
      if (type == ColumnType.BOOLEAN && categories.get(i).kind() != Label.Kind.BOOLEAN) {
        throw fault(
            pointer + "/" + i,
            "must be true or false, was '%s'".formatted(said(categories.get(i))));
      }
    }
  }

  /// Sorted, and no text twice.
  static void checkSorted(String pointer, List<Label> labels) {
    Set<String> texts = HashSet.newHashSet(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      Label label = labels.get(i);
      if (!texts.add(label.text()) || (i > 0 && label.compareTo(labels.get(i - 1)) <= 0)) {
        throw fault(
            pointer + "/" + i,
            "must be in order and once each, '%s' came after '%s'"
                .formatted(said(label), i == 0 ? "" : said(labels.get(i - 1))));
      }
    }
  }

  private static String said(Label label) {
    return Excerpt.of(label.text());
  }

  private static void checkStatistics(String pointer, ModelDocument.Statistics statistics) {
    aboveZero(pointer + "/std", statistics.std());
    if (statistics.min() > statistics.max()) {
      throw fault(
          pointer + "/min",
          "must be at most the max %s, was %s".formatted(statistics.max(), statistics.min()));
    }
  }

  static double aboveZero(String pointer, double value) {
    if (!(value > 0)) {
      throw fault(pointer, "must be above 0, was " + value);
    }
    return value;
  }

  /// @param pointer to the column
  /// @param column whose field this is
  static Feature feature(
      String pointer, Schema.Field field, ModelDocument.Column column, EncodingSpec encoding) {
    return switch (field.type()) {
      case CATEGORICAL, BOOLEAN ->
          new Feature.Categorical(
              field.name(),
              field.nullable(),
              field.type(),
              field.categories(),
              field.embedded(),
              pool(pointer + "/rare", field, column.rare(), encoding));
      case NUMERIC ->
          numeric(
              pointer + "/statistics",
              field,
              Objects.requireNonNull(column.statistics()),
              encoding.number(field.name()));
      case DATE ->
          new Feature.Date(
              field.name(),
              field.nullable(),
              Objects.requireNonNull(field.date()),
              parts(
                  pointer,
                  field,
                  Objects.requireNonNull(column.dates()).parts(),
                  encoding.number(field.name())));
    };
  }

  private static @Nullable Pool pool(
      String pointer, Schema.Field field, @Nullable List<Integer> rare, EncodingSpec encoding) {
    ArtifactDecoder.checkGiven(pointer, rare, encoding.category(field.name()).rare() > 0);
    if (rare == null) {
      return null;
    }
    int categories = field.categories().size();
    int least = 0;
    for (int i = 0; i < rare.size(); i++) {
      if (rare.get(i) < least || rare.get(i) >= categories) {
        throw fault(
            pointer + "/" + i,
            "must be from %d to %d, was %d".formatted(least, categories - 1, rare.get(i)));
      }
      least = rare.get(i) + 1;
    }
    return Pool.of(categories, rare);
  }

  private static List<Feature.Numeric> parts(
      String pointer,
      Schema.Field field,
      List<ModelDocument.DatePart> parts,
      NumberEncodingSpec numbers) {
    Schema.Field never = field.nullable(false);
    List<DatePart> kinds = Objects.requireNonNull(field.date()).parts();
    return IntStream.range(0, parts.size())
        .mapToObj(
            p ->
                numeric(
                    pointer + "/dates/parts/" + p + "/statistics",
                    never,
                    parts.get(p).statistics(),
                    kinds.get(p).encoding(numbers)))
        .toList();
  }

  /// @param pointer to the statistics
  private static Feature.Numeric numeric(
      String pointer,
      Schema.Field field,
      ModelDocument.Statistics statistics,
      NumberEncodingSpec encoding) {
    return new Feature.Numeric(
        field.name(),
        field.nullable(),
        statistics.median(),
        statistics.mean(),
        statistics.std(),
        statistics.min(),
        statistics.max(),
        code(pointer, statistics, encoding));
  }

  private static NumberCode code(
      String pointer, ModelDocument.Statistics statistics, NumberEncodingSpec encoding) {
    boolean binned = encoding instanceof NumberEncodingSpec.PiecewiseLinear;
    boolean periodic = encoding instanceof NumberEncodingSpec.Periodic;
    boolean scaled = binned || periodic || encoding instanceof NumberEncodingSpec.Robust;
    ArtifactDecoder.checkGiven(pointer + "/scale", statistics.scale(), scaled);
    ArtifactDecoder.checkGiven(pointer + "/edges", statistics.edges(), binned);
    boolean ranked = encoding instanceof NumberEncodingSpec.QuantileNormal;
    ArtifactDecoder.checkGiven(pointer + "/quantiles", statistics.quantiles(), ranked);
    if (statistics.quantiles() != null) {
      checkAscending(pointer + "/quantiles", statistics.quantiles());
      return NumberCode.quantileNormal(statistics.quantiles());
    }
    if (statistics.scale() == null) {
      return new NumberCode.Standardized(statistics.mean(), statistics.std());
    }
    NumberCode.Robust number =
        new NumberCode.Robust(
            statistics.median(), aboveZero(pointer + "/scale", statistics.scale()));
    if (periodic) {
      return new NumberCode.Periodic(number);
    }
    return statistics.edges() != null
            && encoding instanceof NumberEncodingSpec.PiecewiseLinear(int bins)
        ? NumberCode.piecewiseLinear(
            number, bins, checkEdges(pointer + "/edges", statistics.edges(), bins))
        : number;
  }

  private static void checkAscending(String pointer, List<Double> quantiles) {
    for (int i = 1; i < quantiles.size(); i++) {
      if (quantiles.get(i) < quantiles.get(i - 1)) {
        throw fault(
            pointer + "/" + i,
            "must be at least the one before, %s, was %s"
                .formatted(quantiles.get(i - 1), quantiles.get(i)));
      }
    }
  }

  private static List<Double> checkEdges(String pointer, List<Double> edges, int bins) {
    if (edges.size() > bins + 1) {
      throw fault(
          pointer,
          "must be at most %d for %d bins, were %d".formatted(bins + 1, bins, edges.size()));
    }
    for (int i = 1; i < edges.size(); i++) {
      if (!(edges.get(i) > edges.get(i - 1))) {
        throw fault(
            pointer + "/" + i,
            "must be above the one before, %s, was %s".formatted(edges.get(i - 1), edges.get(i)));
      }
    }
    return edges;
  }

  static void checkRoles(Schema schema) {
    if (schema.features().isEmpty()) {
      throw fault(COLUMNS, "must have at least 1 feature, have 0");
    }
    int weights = 0;
    for (int i = 0; i < schema.fields().size(); i++) {
      Schema.Field field = schema.fields().get(i);
      if (field.role() == Schema.Role.WEIGHT) {
        weights++;
        if (field.type() != ColumnType.NUMERIC || weights > 1) {
          throw fault(
              COLUMNS + "/" + i + "/role",
              "must be weight for 1 numeric column at most, this is number %d and %s"
                  .formatted(weights, ArtifactEncoder.word(field.type())));
        }
      }
    }
  }

  /// The target columns are those of the target, and of its type.
  static void checkTarget(Schema schema) {
    Target target = schema.target();
    Map<String, Schema.Field> fields = byName(schema);
    Set<String> before = new HashSet<>();
    List<String> names = target.names();
    for (int i = 0; i < names.size(); i++) {
      Schema.Field field = fields.get(names.get(i));
      if (field == null
          || field.role() != Schema.Role.TARGET
          || !before.add(names.get(i))
          || !suits(field, target)) {
        throw fault(
            "/target/names/" + i,
            "must be another column whose role is target and that has the values of %s, '%s' is %s"
                .formatted(
                    target.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                    Excerpt.of(names.get(i)),
                    field == null
                        ? "no column"
                        : "a %s %s"
                            .formatted(
                                ArtifactEncoder.word(field.type()),
                                ArtifactEncoder.word(field.role()))));
      }
    }
    long columns =
        schema.fields().stream().filter(field -> field.role() == Schema.Role.TARGET).count();
    if (columns != names.size()) {
      throw fault(
          "/target/names",
          "must be the %d columns whose role is target, were %d".formatted(columns, names.size()));
    }
  }

  /// @param split null if there was none
  static void checkSplit(Schema schema, @Nullable SplitSpec split) {
    if (split == null) {
      return;
    }
    Schema.Field field = byName(schema).get(split.column());
    if (field == null || field.role() == Schema.Role.TARGET) {
      throw fault(
          "/spec/data/split/" + split.setting(),
          "must be a column that is no target, '%s' is %s"
              .formatted(Excerpt.of(split.column()), field == null ? "none" : "a target"));
    }
  }

  private static Map<String, Schema.Field> byName(Schema schema) {
    return schema.fields().stream().collect(Collectors.toMap(Schema.Field::name, field -> field));
  }

  private static boolean suits(Schema.Field field, Target target) {
    return switch (target) {
      case Target.Classes(_, List<Label> classes) ->
          new HashSet<>(field.categories()).containsAll(classes);
      case Target.MultiLabel _ ->
          field.type() == ColumnType.BOOLEAN && field.categories().size() == 2;
      case Target.Numbers _, Target.Quantiles _ -> field.type() == ColumnType.NUMERIC;
      case Target.Bare _ -> false;
    };
  }

  static void checkEmbeddings(Schema schema, Set<String> embedded) {
    Map<String, Schema.Field> fields = byName(schema);
    for (String name : embedded) {
      Schema.Field field = fields.get(name);
      if (field == null || field.role() != Schema.Role.FEATURE || !hasCategories(field.type())) {
        throw fault(
            "/spec/network/embeddings/" + InvalidSpecException.part(name),
            "must be a categorical feature, is none");
      }
    }
  }

  static <E extends Enum<E>> E constant(String pointer, String word, E[] constants) {
    for (E constant : constants) {
      if (ArtifactEncoder.word(constant).equals(word)) {
        return constant;
      }
    }
    List<String> words = Arrays.stream(constants).map(ArtifactEncoder::word).toList();
    throw fault(
        pointer,
        "must be %s or %s, was '%s'"
            .formatted(
                String.join(", ", words.subList(0, words.size() - 1)),
                words.getLast(),
                Excerpt.of(word)));
  }
}
