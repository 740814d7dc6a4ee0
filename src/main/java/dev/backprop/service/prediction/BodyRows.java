package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.BodyParameters;
import dev.backprop.service.dataset.BodyType;
import dev.backprop.service.dataset.CsvOptions;
import dev.backprop.service.dataset.DataProblems;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.dataset.ParquetBodies;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
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
  private final ParquetBodies parquet;
  private final Datasets datasets;
  private final ComputeSlots slots;
  private final Budget inFlight;
  private final AtomicLong holds = new AtomicLong();

  BodyRows(
      JsonMapper json,
      ParquetBodies parquet,
      Datasets datasets,
      ComputeSlots slots,
      Budget inFlight) {
    this.json = json;
    this.parquet = parquet;
    this.datasets = datasets;
    this.slots = slots;
    this.inFlight = inFlight;
  }

  /// What is done with the rows while they are held.
  interface Use<R> {
    R apply(GivenRows rows) throws IOException;
  }

  /// What is said about the rows.
  ///
  /// @param options how the body is written
  /// @param rowOptions what becomes of its columns; none if the rows are labelled
  /// @param labelled whether the rows bring their targets
  /// @param caller who asks, and may name a data set that it sees
  record Asked(BodyParameters options, RowOptions rowOptions, boolean labelled, Caller caller) {}

  <R> R with(HttpServletRequest request, ModelVersion version, Asked asked, Use<R> use)
      throws IOException {
    BodyParameters options = asked.options();
    RowOptions rowOptions = asked.rowOptions();
    boolean labelled = asked.labelled();
    BodyType type = BodyType.of(request.getContentType());
    CsvOptions csv = options.csv(type);
    MissingTokens missing = options.missingTokens(MissingTokens.NONE);
    try (Budget.Claim claim = inFlight.claim()) {
      RowsReader reader = new RowsReader(version, labelled, rowOptions, missing, claim);
      GivenRows read;
      // A few bytes of Parquet may be many rows.
      boolean small = type.form() != BodyType.Form.PARQUET && isSmall(request);
      try (ComputeSlots.@Nullable Slot _ = small ? null : slots.acquire(request)) {
        read =
            type.form() == BodyType.Form.JSON
                ? reader.json(
                    request.getInputStream(),
                    type.charset(),
                    json,
                    (named, columns) ->
                        new DatasetRows(
                            open(named, asked.caller(), holder(version, labelled)),
                            new DatasetRows.Asked(version, columns, labelled, rowOptions, missing),
                            inFlight))
                : reader.text(request.getInputStream(), type, csv, parquet);
      }
      try (GivenRows rows = read) {
        return used(rows, use, request);
      }
    }
  }

  /// The rows of a data set. Columns that the model does not know are ignored.
  ///
  /// @param named its id or its name
  /// @throws ProblemException 422 if the caller sees no such one
  DatasetRows dataset(
      String named, ModelVersion version, ModelInputs.Columns columns, Caller caller) {
    RowOptions ignoring =
        new RowOptions(List.of(), RowOptions.IGNORE, null, null, null, null, null);
    return new DatasetRows(
        open(named, caller, holder(version, false)),
        new DatasetRows.Asked(version, columns, false, ignoring, MissingTokens.NONE),
        inFlight);
  }

  /// The rows of a data set with their targets.
  ///
  /// @throws ProblemException 422 if the caller sees no such one
  DatasetRows labelled(
      String named, ModelVersion version, ModelInputs.Columns columns, Caller caller) {
    return new DatasetRows(
        open(named, caller, holder(version, true)),
        new DatasetRows.Asked(version, columns, true, RowOptions.NONE, MissingTokens.NONE),
        inFlight);
  }

  private <R> R used(GivenRows rows, Use<R> use, HttpServletRequest request) throws IOException {
    if (!(rows instanceof DatasetRows uploaded)) {
      return use.apply(rows);
    }
    boolean few = rows.size() <= Scorer.BLOCK;
    try (ComputeSlots.@Nullable Slot _ = few ? null : slots.acquire(request)) {
      uploaded.check();
      return use.apply(rows);
    }
  }

  private static boolean isSmall(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    return length >= 0
        && length <= SMALL_BYTES
        && request.getHeader(HttpHeaders.CONTENT_ENCODING) == null;
  }

  private String holder(ModelVersion version, boolean labelled) {
    return "%s %d of %s"
        .formatted(labelled ? "evaluation" : "prediction", holds.incrementAndGet(), version);
  }

  /// @param named the id or the name of the data set
  private Datasets.Reading open(String named, Caller caller, String holder) {
    String id = datasets.idOf(named, caller).orElseThrow(() -> none(named));
    try {
      return datasets.open(id, holder);
    } catch (ProblemException e) {
      throw e.code() == ProblemCode.NOT_FOUND ? none(named) : e;
    }
  }

  private static ProblemException none(String named) {
    return DataProblems.invalid(
        "/dataset",
        "must be the id or the name of a data set, '%s' is none".formatted(Excerpt.of(named)));
  }
}
