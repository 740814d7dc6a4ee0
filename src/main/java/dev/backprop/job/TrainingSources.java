package dev.backprop.job;

import dev.backprop.data.BareExamples;
import dev.backprop.data.DenseRows;
import dev.backprop.data.MissingTokens;
import dev.backprop.data.Table;
import dev.backprop.dataset.InferredSchema;
import dev.backprop.dataset.SchemaInference;
import dev.backprop.dataset.SchemaRequest;
import dev.backprop.dataset.SchemaRequest.ColumnUse;
import dev.backprop.http.ProblemCode;
import dev.backprop.http.ProblemException;
import dev.backprop.training.TrainingData;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the data that a request speaks of, and what there is to learn from them.
final class TrainingSources {

  /// @param sha256 of the body
  /// @param leases takes what the source holds until the training's end
  TrainingSource of(TrainingBody body, String sha256, Leases leases) {
    TrainingBody.Data data = required(body.data(), "/data");
    boolean bare = data.inputs() != null || data.targets() != null;
    long given = Stream.of(data.rows() != null, data.dataset() != null, bare).filter(is -> is).count();
    if (given != 1) {
      throw invalid(
          "/data", "must have exactly one of rows, dataset, and inputs with targets, has " + given);
    }
    return bare ? bare(data, sha256) : rows(data, sha256);
  }

  private static TrainingSource bare(TrainingBody.Data data, String sha256) {
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
    absent(data.target(), "/data/target");
    absent(data.task(), "/data/task");
    absent(data.columns(), "/data/columns");
    absent(data.missing(), "/data/missing");
    BareExamples examples = new BareExamples(inputs, targets);
    return new TrainingSource(
        new TrainingData.Bare(examples),
        null,
        null,
        examples.bytes(),
        MissingTokens.DEFAULT,
        false,
        sha256,
        List.of());
  }

  private static TrainingSource rows(TrainingBody.Data data, String sha256) {
    Table table = required(data.rows(), "/data/rows");
    InferredSchema inferred = infer(table, data, "/data/rows");
    return new TrainingSource(
        new TrainingData.Rows(inferred.table(), inferred.schema()),
        null,
        null,
        inferred.table().bytes(),
        data.missing() == null ? MissingTokens.DEFAULT : new MissingTokens(data.missing()),
        inferred.taskInferred(),
        sha256,
        inferred.warnings());
  }

  private static InferredSchema infer(
      Table table, TrainingBody.Data data, String rowsPointer) {
    Map<String, ColumnUse> columns = data.columns() == null ? Map.of() : data.columns();
    return SchemaInference.infer(
        table,
        new SchemaRequest(required(data.target(), "/data/target"), data.task(), columns),
        "/data",
        rowsPointer);
  }

  private static void absent(@Nullable Object given, String pointer) {
    if (given != null) {
      throw invalid(pointer, "must be left out where the data are bare numbers");
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
