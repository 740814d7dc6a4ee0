package dev.backprop.service.intake;

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
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.DataProblems;
import dev.backprop.service.dataset.Dataset;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.intake.SchemaRequest.TargetTask;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the data that a request names, and what can be learned from them.
final class TrainingSources {

  private static final String VALIDATION = "/validation/dataset";

  private final Datasets datasets;

  TrainingSources(Datasets datasets) {
    this.datasets = datasets;
  }

  /// What is decided before the data of a request are looked at.
  ///
  /// @param id of the training that it becomes, which holds the data sets
  /// @param start the version whose schema the data must have; null if the schema is inferred from
  ///   the data
  /// @param task what to do with the target if the request does not say it; null to infer it from
  ///   the data
  /// @param tokens what stands for a missing cell if the request does not say it
  /// @param caller who asks, and may name the data sets that it sees
  record Known(
      String id,
      @Nullable WarmStart start,
      @Nullable TargetTask task,
      MissingTokens tokens,
      Caller caller) {}

  /// @param room has the memory of data that are in no uploaded data set; grows by columns that are
  ///   read as other types
  /// @param leases takes the holds on data sets
  /// @throws ProblemException 422 with a pointer to what is impossible
  TrainingSource of(
      TrainingRequestReader.Read read, Known known, Budget.Claim room, Leases leases) {
    TrainingRequest request = read.request();
    TrainingRequest.Data data = required(request.data(), "/data");
    boolean bare = data.inputs() != null || data.targets() != null;
    long given =
        Stream.of(data.rows() != null, data.dataset() != null, bare).filter(is -> is).count();
    if (given != 1) {
      throw invalid(
          "/data", "must have exactly one of rows, dataset, and inputs with targets, has " + given);
    }
    if (bare) {
      return bare(request, data, known.start(), read.sha256());
    }
    absent(data.weights(), "/data/weights", "where rows name their columns; weight names one");
    Finding finding = new Finding(request, data, known, room, leases);
    return data.dataset() == null
        ? finding.rows(read.sha256())
        : finding.dataset(hold(data.dataset(), "/data/dataset", known, leases));
  }

  private static TrainingSource bare(
      TrainingRequest request,
      TrainingRequest.Data data,
      @Nullable WarmStart start,
      String sha256) {
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
    absent(request.validation(), "/validation", "where the data are bare numbers");
    checkWeights(data.weights(), inputs.rows());
    BareExamples examples = new BareExamples(inputs, targets, data.weights());
    if (start != null) {
      start.check(examples);
    }
    return new TrainingSource(
        new TrainingSource.Given(new TrainingData.Bare(examples), null),
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

  /// Finds rows and what their columns are for.
  private final class Finding {

    private final TrainingRequest request;
    private final TrainingRequest.Data data;
    private final Known known;
    private final Budget.Claim room;
    private final Leases leases;

    Finding(
        TrainingRequest request,
        TrainingRequest.Data data,
        Known known,
        Budget.Claim room,
        Leases leases) {
      this.request = request;
      this.data = data;
      this.known = known;
      this.room = room;
      this.leases = leases;
    }

    TrainingSource rows(String sha256) {
      MissingTokens tokens =
          data.missing() == null ? known.tokens() : new MissingTokens(data.missing());
      InferredSchema inferred = infer(data.table(tokens), "/data/rows", tokens);
      room.holds(inferred.table().bytes());
      return source(inferred, null, sha256);
    }

    TrainingSource dataset(Dataset dataset) {
      absent(data.missing(), "/data/missing", "where a data set was uploaded with its own");
      InferredSchema inferred = infer(dataset.table(), "/data/dataset", missing(dataset));
      room.holds(bytesBeside(dataset.table(), inferred.table()));
      return source(inferred, dataset, dataset.sha256());
    }

    private TrainingSource source(
        InferredSchema inferred, @Nullable Dataset dataset, String sha256) {
      TrainingSource.Given validation = validation(inferred.schema());
      TrainingData rows =
          new TrainingData.Rows(inferred.table(), inferred.schema(), split(inferred, validation));
      return new TrainingSource(
          new TrainingSource.Given(rows, dataset),
          validation,
          room.bytes(),
          inferred.taskInferred(),
          sha256,
          inferred.warnings());
    }

    /// How the rows are split into parts; null if each row is drawn by itself.
    private @Nullable SplitSpec split(
        InferredSchema inferred, TrainingSource.@Nullable Given validation) {
      SplitSpec split = data.schema(null).split();
      if (split != null && validation != null) {
        throw invalid(
            "/data/split",
            "must be left out where rows to validate on are given apart: there are %d of them beside these %d"
                .formatted(validation.data().rows(), inferred.table().rows()));
      }
      return split;
    }

    private TrainingSource.@Nullable Given validation(Schema schema) {
      if (request.validation() == null) {
        return null;
      }
      Dataset dataset =
          hold(required(request.validation().dataset(), VALIDATION), VALIDATION, known, leases);
      try {
        Table table = schema.conform(dataset.table(), true);
        room.holds(room.bytes() + bytesBeside(dataset.table(), table));
        if (TableExamples.unencoded(table, schema).labelled().length == 0) {
          throw ProblemException.at(
              ProblemCode.INVALID_DATA, VALIDATION, "must have a target in at least 1 row, has 0");
        }
        return new TrainingSource.Given(new TrainingData.Rows(table, schema), dataset);
      } catch (InvalidDataException e) {
        throw DataProblems.advised(DataProblems.inTable(VALIDATION, e), dataset.table());
      }
    }

    private InferredSchema infer(Table table, String rowsPointer, MissingTokens missing) {
      if (known.start() != null) {
        return known
            .start()
            .read(table, data.schema(known.task()), rowsPointer)
            .alsoMissing(missing);
      }
      required(data.target(), "/data/target");
      return SchemaInference.infer(table, data.schema(known.task()), "/data", rowsPointer)
          .with(missing);
    }
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

  /// @param named the id or the name of the data set
  private Dataset hold(String named, String pointer, Known known, Leases leases) {
    String holder = Paths.training(known.id());
    String id = datasets.idOf(named, known.caller()).orElseThrow(() -> none(pointer, named));
    try {
      Dataset dataset = datasets.hold(id, holder);
      leases.add(() -> datasets.release(id, holder));
      return dataset;
    } catch (ProblemException e) {
      if (e.code() == ProblemCode.NOT_FOUND) {
        throw none(pointer, named);
      }
      throw e;
    }
  }

  private static ProblemException none(String pointer, String named) {
    return invalid(
        pointer,
        "must be the id or the name of a data set, '%s' is none".formatted(Excerpt.of(named)));
  }

  /// The memory of those columns of a table that it does not share with the table that it was made
  /// from.
  private static long bytesBeside(Table original, Table made) {
    return TrainingSource.changed(original, made).stream().mapToLong(Column::bytes).sum();
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
