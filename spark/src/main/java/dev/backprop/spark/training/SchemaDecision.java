package dev.backprop.spark.training;

import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Schema.Role;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.problem.NearestName;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.spark.training.TrainSpec.ColumnUse;
import dev.backprop.spark.training.TrainSpec.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides from what all shards know what every column is for, as the service does it from all
/// rows.
///
/// @param inferred whether the task was inferred
/// @param warnings for the user
record SchemaDecision(Schema schema, boolean inferred, List<String> warnings) {

  /// If a target has no more distinct integers than these, they are taken for classes.
  private static final int MAX_INTEGER_CLASSES = 20;

  /// @throws ProblemException `invalid-data` if the columns do not fit the spec, or if nothing can
  ///   be learned from them
  static SchemaDecision of(List<MergedColumn> columns, TrainSpec spec, String targetName) {
    List<String> names = columns.stream().map(MergedColumn::name).toList();
    spec.columns()
        .keySet()
        .forEach(name -> required(name, names, "/data/columns: column '%s'".formatted(name)));
    required(targetName, names, "--target");
    if (spec.weight() != null) {
      required(spec.weight(), names, "/data/weight");
    }
    List<String> warnings = new ArrayList<>();
    List<Schema.Field> fields = new ArrayList<>();
    Target target = null;
    for (MergedColumn column : columns) {
      if (column.name().equals(targetName)) {
        target = target(column, spec);
        fields.add(targetField(column, target));
        warnings.addAll(column.notes());
      } else {
        fields.add(field(column, spec, warnings));
      }
    }
    if (target == null) {
      throw new IllegalStateException("the target is gone");
    }
    if (fields.stream().noneMatch(field -> field.role() == Role.FEATURE)) {
      throw fault("--data", "must have a column to learn from, has none");
    }
    return new SchemaDecision(
        new Schema(fields, target, spec.missing()), spec.task() == null, warnings);
  }

  private static void required(String name, List<String> names, String place) {
    if (!names.contains(name)) {
      String nearest = NearestName.of(name, names);
      throw fault(
          place,
          "must be a column of the data, '%s' is none%s"
              .formatted(name, nearest == null ? "" : "; there is '" + nearest + "'"));
    }
  }

  private static Target target(MergedColumn column, TrainSpec spec) {
    ColumnUse use = spec.columns().get(column.name());
    if (use != null && (use.ignored() || use.type() == ColumnUse.Type.DATE)) {
      throw fault("--target", "must not be typed %s, is the target".formatted(use.type()));
    }
    boolean typed = use != null && use.type() != null;
    if (column.rows() - column.missing() < 2) {
      throw fault(
          "--target",
          "must have a value in at least 2 rows, has one in " + (column.rows() - column.missing()));
    }
    Map<Label, Long> labels = column.labels();
    boolean fewIntegers =
        column.type() == ColumnType.NUMERIC
            && column.integers()
            && labels != null
            && labels.size() <= MAX_INTEGER_CLASSES
            && labels.values().stream().allMatch(count -> count >= 2);
    boolean classes =
        spec.task() == null
            ? column.type() != ColumnType.NUMERIC || (!typed && fewIntegers)
            : spec.task() == Task.CLASSIFICATION;
    return classes ? classes(column) : numbers(column);
  }

  private static Target classes(MergedColumn column) {
    List<Label> classes = column.categories();
    if (column.labels() == null || classes.size() > Target.MAX_CLASSES) {
      throw fault(
          "--target", "must have at most %d classes, has more".formatted(Target.MAX_CLASSES));
    }
    if (classes.size() < 2) {
      throw fault("--target", "must have at least 2 classes, has " + classes.size());
    }
    return new Target.Classes(column.name(), classes);
  }

  private static Target numbers(MergedColumn column) {
    if (column.type() != ColumnType.NUMERIC) {
      throw fault("--target", "must be numeric for a regression, is " + column.type());
    }
    if (column.min() == column.max()) {
      throw fault("--target", "must have at least 2 different values, has 1: " + column.min());
    }
    double largest = Math.max(Math.abs(column.min()), Math.abs(column.max()));
    if (largest > TargetEncoder.MAX) {
      throw fault(
          "--target",
          "must be from -%s to %s, was %s"
              .formatted(TargetEncoder.MAX, TargetEncoder.MAX, largest));
    }
    return new Target.Numbers(List.of(column.name()));
  }

  private static Schema.Field targetField(MergedColumn column, Target target) {
    boolean truths = column.type() == ColumnType.BOOLEAN;
    return target instanceof Target.Classes classes
        ? new Schema.Field(
            column.name(),
            truths ? ColumnType.BOOLEAN : ColumnType.CATEGORICAL,
            column.missing() > 0,
            classes.classes(),
            Role.TARGET,
            null,
            false,
            column.missingTexts(),
            null)
        : field(column, Role.TARGET, null, column.missing() > 0);
  }

  private static Schema.Field field(MergedColumn column, TrainSpec spec, List<String> warnings) {
    ColumnUse use = spec.columns().get(column.name());
    boolean lacking = column.missing() > 0;
    if (column.name().equals(spec.weight())) {
      if (column.type() != ColumnType.NUMERIC) {
        throw fault("/data/weight", "must be a numeric column, is " + column.type());
      }
      return field(column, Role.WEIGHT, null, lacking);
    }
    if (use != null && use.ignored()) {
      return field(column, Role.IGNORED, null, lacking);
    }
    String reason = column.uselessness(use != null && use.type() != null);
    if (reason != null) {
      warnings.add("column '%s' is left out: it %s".formatted(column.name(), reason));
      return field(column, Role.DROPPED, reason, lacking);
    }
    warnings.addAll(column.notes());
    return field(
        column,
        Role.FEATURE,
        null,
        nullable(use == null ? null : use.nullable(), column.name(), lacking));
  }

  private static boolean nullable(@Nullable Boolean asked, String name, boolean lacking) {
    if (asked != null && !asked && lacking) {
      throw fault("/data/columns", "'%s' must be nullable, it has missing cells".formatted(name));
    }
    return asked == null ? lacking : asked;
  }

  private static Schema.Field field(
      MergedColumn column, Role role, @Nullable String reason, boolean nullable) {
    boolean feature = role == Role.FEATURE;
    return new Schema.Field(
        column.name(),
        column.type() == null ? ColumnType.CATEGORICAL : column.type(),
        nullable,
        feature && column.ofCategories() ? column.categories() : List.of(),
        role,
        reason,
        false,
        column.missingTexts(),
        feature ? column.date() : null);
  }

  private static ProblemException fault(String place, String detail) {
    return new ProblemException(ProblemCode.INVALID_DATA, place + ": " + detail);
  }
}
