package dev.backprop.service.prediction;

import dev.backprop.engine.table.MissingTokens;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.service.dataset.BodyParameters;
import dev.backprop.service.dataset.BodyType;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.model.ModelVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
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

  private final RowsReader reader;
  private final ComputeSlots slots;
  private final Budget inFlight;

  BodyRows(JsonMapper json, Datasets datasets, ComputeSlots slots, Budget inFlight) {
    this.reader = new RowsReader(json, datasets);
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
    RowsReader.Written written =
        new RowsReader.Written(type, options.csv(type), options.missingTokens(MissingTokens.NONE));
    try (Budget.Claim claim = inFlight.claim()) {
      PredictionRows read;
      try (ComputeSlots.@Nullable Slot _ = isSmall(request) ? null : slots.acquire(request)) {
        read = reader.read(written, request.getInputStream(), version, labelled, claim);
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
}
