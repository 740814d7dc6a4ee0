package dev.backprop.service.prediction;

import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.service.dataset.BodyParameters;
import dev.backprop.service.dataset.BodyType;
import dev.backprop.service.dataset.CsvOptions;
import dev.backprop.service.dataset.DataProblems;
import dev.backprop.service.dataset.Dataset;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Takes the rows from a request's body: large ones hold a compute slot while they are read, all
/// are counted among the bytes in flight.
@Component
final class BodyRows {

  /// Bodies up to this are read without a slot, so that they wait for no large one.
  private static final long SMALL_BYTES = 1 << 16;

  private final JsonMapper json;
  private final Datasets datasets;
  private final ComputeSlots slots;
  private final Budget inFlight;
  private final AtomicLong holds = new AtomicLong();

  BodyRows(JsonMapper json, Datasets datasets, ComputeSlots slots, Budget inFlight) {
    this.json = json;
    this.datasets = datasets;
    this.slots = slots;
    this.inFlight = inFlight;
  }

  /// What is done with the rows while they are held.
  interface Use<R> {
    R apply(PredictionRows rows) throws IOException;
  }

  /// @param options how the body is written
  /// @param labelled whether the rows bring their targets
  <R> R with(
      HttpServletRequest request,
      BodyParameters options,
      ModelVersion version,
      boolean labelled,
      Use<R> use)
      throws IOException {
    BodyType type = BodyType.of(request.getContentType());
    CsvOptions csv = options.csv(type);
    MissingTokens missing = options.missingTokens(MissingTokens.NONE);
    try (Budget.Claim claim = inFlight.claim()) {
      RowsReader reader = new RowsReader(version, labelled, missing, claim);
      PredictionRows read;
      try (ComputeSlots.@Nullable Slot _ = isSmall(request) ? null : slots.acquire(request)) {
        read =
            type.form() == BodyType.Form.JSON
                ? reader.json(
                    request.getInputStream(),
                    type.charset(),
                    json,
                    (id, columns) -> uploaded(id, version, columns, missing))
                : reader.text(request.getInputStream(), type, csv);
      }
      try (PredictionRows rows = read) {
        return use.apply(rows);
      }
    }
  }

  private static boolean isSmall(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    return length >= 0
        && length <= SMALL_BYTES
        && request.getHeader(HttpHeaders.CONTENT_ENCODING) == null;
  }

  /// Rows of an uploaded data set, which is not deleted until they are closed.
  private PredictionRows uploaded(
      String id, ModelVersion version, ModelInputs.Columns columns, MissingTokens missing) {
    String holder = "evaluation %d of %s".formatted(holds.incrementAndGet(), version);
    Dataset dataset = datasets.hold(id, holder);
    PredictionRows rows = null;
    try {
      Table table = columns.schema().conform(dataset.table(), true, missing);
      rows =
          PredictionRows.labelled(version, columns, table, "/dataset")
              .heldBy(() -> datasets.release(id, holder));
      return rows;
    } catch (InvalidDataException e) {
      throw DataProblems.advised(DataProblems.inTable("/dataset", e), dataset.table());
    } finally {
      if (rows == null) {
        datasets.release(id, holder);
      }
    }
  }
}
