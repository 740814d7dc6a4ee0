package dev.backprop.service.job;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.data.ExampleWeights;
import dev.backprop.engine.data.TableExamples;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.DataProblems;
import dev.backprop.service.dataset.Dataset;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.dataset.InferredSchema;
import dev.backprop.service.dataset.SchemaInference;
import dev.backprop.service.dataset.SchemaRequest;
import dev.backprop.service.dataset.SchemaRequest.ColumnUse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the data that a request speaks of, and what there is to learn from them.
final class TrainingSources {

  private static final String VALIDATION = "/validation/dataset";

  private final Datasets datasets;

  TrainingSources(Datasets datasets) {
    this.datasets = datasets;
  }

  /// @param start whose schema the data must have; null if it is theirs to give
  /// @param sha256 of the body
  /// @param holder who holds the data sets
  /// @param room reserved for tables and numbers that are no data set's; grows by tables that are
  ///   read as other types
  /// @param leases takes the holds
  /// @throws ProblemException 422 with the pointer of what cannot be
  TrainingSource of(
      TrainingBody body,
      @Nullable WarmStart start,
      String sha256,
      String holder,
      Budget.Claim room,
      Leases leases) {
    TrainingBody.Data data = required(body.data(), "/data");
    boolean bare = data.inputs() != null || data.targets() != null;
    long given =
        Stream.of(data.rows() != null, data.dataset() != null, bare).filter(is -> is).count();
    if (given != 1) {
      throw invalid(
          "/data", "must have exactly one of rows, dataset, and inputs with targets, has " + given);
    }
    if (bare) {
      return bare(body, start, data, sha256);
    }
    absent(data.weights(), "/data/weights", "where rows name their columns; weight names one");
    String dataset = data.dataset();
    return dataset == null
        ? rows(body, start, data, sha256, holder, room, leases)
        : dataset(
            body,
            start,
            data,
            hold(dataset, "/data/dataset", holder, leases),
            holder,
            room,
            leases);
  }

  private static TrainingSource bare(
      TrainingBody body, @Nullable WarmStart start, TrainingBody.Data data, String sha256) {
    DenseRows inputs = required(data.inputs(), "/data/inputs");
    DenseRows targets = required(data.targets(), "/data/targets");
    if (targets.rows() != inputs.rows()) {
      throw invalid(
          "/data/targets",
          "must have as many rows as inputs, %d, has %d".formatted(inputs.rows(), targets.rows()));
    }
    if (inputs.rows() < 2) {
      throw invalid("/data/inputs", "must have at least 2 rows, has " + inputs.rows());
    }
    absent(data.target(), "/data/target", "where the data are bare numbers");
    absent(data.weight(), "/data/weight", "where the data are bare numbers");
    absent(data.task(), "/data/task", "where the data are bare numbers");
    absent(data.columns(), "/data/columns", "where the data are bare numbers");
    absent(data.missing(), "/data/missing", "where the data are bare numbers");
    absent(data.split(), "/data/split", "where the data are bare numbers");
    absent(body.validation(), "/validation", "where the data are bare numbers");
    checkWeights(data.weights(), inputs.rows());
    BareExamples examples = new BareExamples(inputs, targets, data.weights());
    if (start != null) {
      start.check(examples);
    }
    return new TrainingSource(
        new TrainingData.Bare(examples),
        null,
        null,
        null,
        examples.bytes(),
        false,
        sha256,
        List.of());
  }

  private static void checkWeights(@Nullable DenseRows weights, int rows) {
    if (weights == null) {
      return;
    }
    if (weights.width() != rows) {
      throw invalid(
          "/data/weights",
          "must have as many numbers as there are inputs, %d, has %d"
              .formatted(rows, weights.width()));
    }
    for (int row = 0; row < rows; row++) {
      float weight = weights.value(0, row);
      if (weight < 0 || weight > ExampleWeights.MAX) {
        throw invalid(
            "/data/weights/" + row,
            "must be from 0 to %s, was %s".formatted(ExampleWeights.MAX, weight));
      }
    }
  }

  private TrainingSource rows(
      TrainingBody body,
      @Nullable WarmStart start,
      TrainingBody.Data data,
      String sha256,
      String holder,
      Budget.Claim room,
      Leases leases) {
    Table table = required(data.rows(), "/data/rows");
    InferredSchema inferred =
        infer(
            table,
            start,
            data,
            "/data/rows",
            new MissingTokens(required(data.missing(), "/data/missing")));
    room.holds(inferred.table().bytes());
    return source(
        body,
        inferred,
        validation(body, inferred.schema(), holder, room, leases),
        null,
        room.bytes(),
        sha256);
  }

  private TrainingSource dataset(
      TrainingBody body,
      @Nullable WarmStart start,
      TrainingBody.Data data,
      Dataset dataset,
      String holder,
      Budget.Claim room,
      Leases leases) {
    absent(data.missing(), "/data/missing", "where a data set was uploaded with its own");
    InferredSchema inferred =
        infer(dataset.table(), start, data, "/data/dataset", missing(dataset));
    room.holds(bytesBeside(dataset.table(), inferred.table()));
    return source(
        body,
        inferred,
        validation(body, inferred.schema(), holder, room, leases),
        dataset.id(),
        room.bytes(),
        dataset.sha256());
  }

  private static MissingTokens missing(Dataset dataset) {
    MissingTokens missing = dataset.head().missing();
    return missing.equals(MissingTokens.FORMER)
        ? missing.formerly(
            dataset.table().columns().stream()
                .flatMap(
                    column ->
                        column instanceof CategoricalColumn categorical
                            ? categorical.categories().stream()
                            : Stream.empty()))
        : missing;
  }

  private static TrainingSource source(
      TrainingBody body,
      InferredSchema inferred,
      @Nullable TrainingData validation,
      @Nullable String dataset,
      long bytes,
      String sha256) {
    return new TrainingSource(
        new TrainingData.Rows(
            inferred.table(), inferred.schema(), split(body, inferred, validation)),
        validation,
        dataset,
        body.validation() == null ? null : body.validation().dataset(),
        bytes,
        inferred.taskInferred(),
        sha256,
        inferred.warnings());
  }

  /// How the rows are parted; null if each is drawn by itself.
  private static @Nullable SplitSpec split(
      TrainingBody body, InferredSchema inferred, @Nullable TrainingData validation) {
    SplitSpec split = body.data() == null ? null : body.data().split();
    if (split != null && validation != null) {
      throw invalid(
          "/data/split",
          "must be left out where rows to validate on are given apart: there are %d of them beside these %d"
              .formatted(validation.rows(), inferred.table().rows()));
    }
    return split;
  }

  private @Nullable TrainingData validation(
      TrainingBody body, Schema schema, String holder, Budget.Claim room, Leases leases) {
    if (body.validation() == null) {
      return null;
    }
    Dataset dataset =
        hold(required(body.validation().dataset(), VALIDATION), VALIDATION, holder, leases);
    try {
      Table table = schema.conform(dataset.table(), true);
      room.holds(room.bytes() + bytesBeside(dataset.table(), table));
      if (TableExamples.unencoded(table, schema).labelled().length == 0) {
        throw ProblemException.at(
            ProblemCode.INVALID_DATA, VALIDATION, "must have a target in at least 1 row, has 0");
      }
      return new TrainingData.Rows(table, schema);
    } catch (InvalidDataException e) {
      throw DataProblems.advised(DataProblems.inTable(VALIDATION, e), dataset.table());
    }
  }

  private static InferredSchema infer(
      Table table,
      @Nullable WarmStart start,
      TrainingBody.Data data,
      String rowsPointer,
      MissingTokens missing) {
    if (start != null) {
      return start.read(table, data, rowsPointer).alsoMissing(missing);
    }
    Map<String, ColumnUse> columns = data.columns() == null ? Map.of() : data.columns();
    return SchemaInference.infer(
            table,
            new SchemaRequest(
                required(data.target(), "/data/target"),
                data.task(),
                columns,
                data.weight(),
                data.split()),
            "/data",
            rowsPointer)
        .with(missing);
  }

  private Dataset hold(String id, String pointer, String holder, Leases leases) {
    try {
      Dataset dataset = datasets.hold(id, holder);
      leases.add(() -> datasets.release(id, holder));
      return dataset;
    } catch (ProblemException e) {
      if (e.code() == ProblemCode.NOT_FOUND) {
        throw invalid(pointer, "must be the id of a data set, '%s' is none".formatted(id));
      }
      throw e;
    }
  }

  /// What the columns take that a table does not share with the one that it was made of.
  private static long bytesBeside(Table original, Table made) {
    return made.columns().stream()
        .filter(column -> original.column(column.name()) != column)
        .mapToLong(Column::bytes)
        .sum();
  }

  private static void absent(@Nullable Object given, String pointer, String where) {
    if (given != null) {
      throw invalid(pointer, "must be left out " + where);
    }
  }

  private static <T> T required(@Nullable T given, String pointer) {
    if (given == null) {
      throw invalid(pointer, "is required");
    }
    return given;
  }

  private static ProblemException invalid(String pointer, String detail) {
    return ProblemException.at(ProblemCode.INVALID_SPEC, pointer, detail);
  }
}
