package dev.backprop.service.intake;

import dev.backprop.engine.data.TableExamples;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Schema.Role;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.ColumnDescription;
import dev.backprop.service.dataset.DataProblems;
import dev.backprop.service.dataset.Findings;
import dev.backprop.service.intake.SchemaRequest.ColumnUse;
import dev.backprop.service.intake.SchemaRequest.TargetTask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a table by the schema of a model that goes on learning from it. It infers nothing. What
/// the request says of the columns must agree with the model's schema; only the weight of the rows
/// may differ.
public final class KnownSchema {

  private final Schema known;
  private final String owner;
  private final SchemaRequest request;
  private final String pointer;
  private final boolean taskInferred;

  /// @param owner names the model that has the schema, for errors
  /// @param taskInferred whether what to do with the model's target was inferred from data
  /// @param request if it names no target, the model's target is meant
  /// @param pointer to the object that has the data, its `target` and its `columns`, such as
  ///   `/data`
  public KnownSchema(
      Schema known, String owner, boolean taskInferred, SchemaRequest request, String pointer) {
    this.known = known;
    this.owner = owner;
    this.taskInferred = taskInferred;
    this.request = request;
    this.pointer = pointer;
  }

  /// @param rowsPointer points to what gave the rows, such as `/data/rows`
  /// @return the table with only those columns that training needs
  /// @throws ProblemException if the data are of another schema
  public InferredSchema read(Table table, String rowsPointer) {
    try {
      return conformed(table, rowsPointer);
    } catch (ProblemException e) {
      throw DataProblems.advised(e, table);
    }
  }

  private InferredSchema conformed(Table table, String rowsPointer) {
    SchemaInference.checkRows(table, rowsPointer);
    checkTarget();
    request.columns().forEach((name, use) -> checkUse(name, use, table));
    Schema schema = schema(table);
    try {
      Table conformed = schema.conform(table, true);
      SchemaInference.checkRange(conformed, known.target(), pointer);
      SchemaInference.checkWeight(conformed, withTarget(), pointer);
      Table parted = withSplit(conformed, SplitColumn.withAllTexts(table, request));
      List<String> ofSplit =
          SplitColumn.check(parted, request.split(), known.target().names(), pointer);
      List<String> warnings =
          new ArrayList<>(
              SchemaInference.checkLabelled(
                  conformed,
                  TableExamples.unencoded(conformed, schema).labelled().length,
                  pointer));
      warnings.addAll(warnings(conformed));
      warnings.addAll(ofSplit);
      return new InferredSchema(parted, schema, taskInferred, warnings);
    } catch (InvalidDataException e) {
      throw DataProblems.invalid(rowsPointer, e.getMessage() + asIn());
    }
  }

  /// The conformed table, with the column that parts its rows if the model does not use it.
  private Table withSplit(Table conformed, Table table) {
    Column column = request.split() == null ? null : table.column(request.split().column());
    if (column == null || conformed.column(column.name()) != null) {
      return conformed;
    }
    return new Table(
        conformed.rows(), Stream.concat(conformed.columns().stream(), Stream.of(column)).toList());
  }

  private String asIn() {
    return ", as in " + owner;
  }

  private void checkTarget() {
    Target target = known.target();
    if (!request.target().isEmpty() && !request.target().equals(target.names())) {
      throw DataProblems.invalid(
          pointer + "/target",
          "must be %s%s, was %s".formatted(target.names(), asIn(), request.target()));
    }
    TargetTask task =
        switch (target) {
          case Target.Classes _, Target.MultiLabel _ -> TargetTask.CLASSIFICATION;
          case Target.Numbers _, Target.Quantiles _, Target.Bare _ -> TargetTask.REGRESSION;
        };
    if (request.task() != null && request.task() != task) {
      throw DataProblems.invalid(
          pointer + "/task",
          "must be %s%s, was %s"
              .formatted(Findings.word(task), asIn(), Findings.word(request.task())));
    }
  }

  private void checkUse(String name, ColumnUse use, Table table) {
    String place = pointer + "/columns/" + Problem.Field.part(name);
    Column column = SchemaInference.checkColumn(table, name, place);
    Schema.Field field = known.field(name);
    checkNullable(place + "/nullable", field, use, column);
    ColumnUse.Type type = use.type();
    if (type == null) {
      return;
    }
    String expected =
        switch (field) {
          case null -> Findings.word(ColumnUse.Type.IGNORE);
          case Schema.Field it when it.role() == Role.FEATURE -> Findings.word(it.type());
          case Schema.Field it when it.role() == Role.TARGET ->
              // Classes may be given as numbers.
              type == ColumnUse.Type.IGNORE ? Findings.word(it.type()) : Findings.word(type);
          case Schema.Field it when it.role() == Role.WEIGHT -> Findings.word(type);
          case Schema.Field _ -> Findings.word(ColumnUse.Type.IGNORE);
        };
    if (!Findings.word(type).equals(expected) && !name.equals(request.weight())) {
      throw DataProblems.invalid(
          place + "/type", "must be %s%s, was %s".formatted(expected, asIn(), Findings.word(type)));
    }
  }

  /// Checks what the request says of missing cells. It cannot change it, because the network has an
  /// input for missing cells of a column or has none.
  private void checkNullable(
      String place, Schema.@Nullable Field field, ColumnUse use, Column column) {
    if (use.nullable() == null) {
      return;
    }
    SchemaInference.checkNullable(place, column, use, withTarget());
    if (field == null || field.role() != Role.FEATURE) {
      throw DataProblems.invalid(
          place, "must be left out, '%s' is no feature%s".formatted(column.name(), asIn()));
    }
    if (field.nullable() != use.nullable()) {
      throw DataProblems.invalid(
          place, "must be %s%s, was %s".formatted(field.nullable(), asIn(), use.nullable()));
    }
  }

  /// The request with the target that the model has.
  private SchemaRequest withTarget() {
    return new SchemaRequest(
        known.target().names(),
        request.task(),
        request.columns(),
        request.weight(),
        request.split());
  }

  /// The schema of the model, with the request's weight and with the unknown columns that the
  /// request ignores. These are kept because rows to predict may have them too.
  private Schema schema(Table table) {
    String weight = request.weight();
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : known.fields()) {
      if (field.name().equals(weight)) {
        if (field.role() == Role.FEATURE) {
          throw DataProblems.invalid(
              pointer + "/weight",
              "must not be a feature, '%s' is one%s".formatted(weight, asIn()));
        }
        if (field.role() == Role.TARGET) {
          throw DataProblems.invalid(
              pointer + "/weight", "must not be a target, '%s' is one%s".formatted(weight, asIn()));
        }
      } else {
        fields.add(field.role() == Role.WEIGHT ? field.ignored() : field);
      }
    }
    Column column = weight == null ? null : table.column(weight);
    if (column != null) {
      fields.add(Schema.Field.of(column, Role.WEIGHT));
    }
    for (Column other : table.columns()) {
      String name = other.name();
      if (known.field(name) == null
          && !name.equals(weight)
          && (request.columns().containsKey(name) || SplitColumn.isOnlyThat(name, request))) {
        fields.add(Schema.Field.unused(other, Role.IGNORED, null));
      }
    }
    return new Schema(fields, known.target(), known.missing());
  }

  private List<String> warnings(Table table) {
    List<String> warnings = new ArrayList<>();
    for (Schema.Field field : known.features()) {
      if (table.column(field.name()) instanceof CategoricalColumn column) {
        String unseen = unseen(field, column);
        if (unseen != null) {
          warnings.add(unseen);
        }
      }
    }
    table.columns().forEach(column -> warnings.addAll(column.notes()));
    return warnings;
  }

  /// A warning about categories that the model has no input for; null if it knows all of them.
  private @Nullable String unseen(Schema.Field field, CategoricalColumn column) {
    Set<String> seen =
        field.categories().stream().map(Label::text).collect(Collectors.toCollection(HashSet::new));
    int[] counts = ColumnDescription.counts(column);
    List<String> unseen = new ArrayList<>();
    long rows = 0;
    for (int code = 0; code < counts.length; code++) {
      String text = column.categories().get(code).text();
      if (counts[code] > 0 && !seen.contains(text)) {
        unseen.add(text);
        rows += counts[code];
      }
    }
    if (unseen.isEmpty()) {
      return null;
    }
    return "column '%s' has %d categories in %d rows that %s does not know, and learns nothing of: %s"
        .formatted(field.name(), unseen.size(), rows, owner, Findings.names(unseen));
  }
}
