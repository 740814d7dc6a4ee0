package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Assured;
import dev.backprop.engine.scoring.NonFiniteOutputException;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.PredictorWorkspace;
import dev.backprop.platform.http.QueryParameters;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.EntityTag;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.monitoring.Drifts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// Answers single rows: the short way, without tables, locks or waiting.
@Component
record SinglePredictions(JsonMapper json, ComputeSlots slots, Budget inFlight, Drifts drifts) {

  private static final int USUAL_ANSWER_BYTES = 512;

  private static final int COUNTED_FROM = 1 << 13;

  /// Answers a GET.
  ///
  /// @throws ProblemException 400 or 422 for a row that cannot be, 422 if the network's answer
  ///   overflows
  Answer answer(ModelVersion version, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    QueryRow row = QueryRow.of(version.inputs(), QueryParameters.of(request));
    String tag = EntityTag.of(version, request.getQueryString());
    String named = EntityTag.named(request.getHeaders(HttpHeaders.IF_NONE_MATCH), tag);
    if (named != null) {
      identify(response, named);
      response.setHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return Answer.NOT_MODIFIED;
    }
    byte[] body = json(version, row, request);
    identify(response, tag);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setContentLength(body.length);
    send(body, response);
    return Answer.of(1);
  }

  /// A long answer is counted until its client has taken it; a short one fits into the buffers of
  /// its connection.
  private void send(byte[] body, HttpServletResponse response) throws IOException {
    if (body.length <= COUNTED_FROM) {
      response.getOutputStream().write(body);
      return;
    }
    try (Budget.Claim claim = inFlight.claim()) {
      claim.grow(body.length);
      response.getOutputStream().write(body);
    }
  }

  private static void identify(HttpServletResponse response, String tag) {
    response.setHeader(HttpHeaders.ETAG, tag);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
  }

  /// The answer in UTF-8.
  private byte[] json(ModelVersion version, QueryRow row, HttpServletRequest request) {
    Explaining explaining = Explaining.of(version, row.explaining());
    BigDecimal interval = IntervalOption.of(row.intervals(), version.predictor());
    Assured assured = interval == null ? null : assured(version, row, interval);
    Prediction prediction = assured == null ? predict(version, row) : assured.prediction();
    List<Explaining.Why> why =
        explaining == null ? List.of() : why(explaining, row, prediction, request);
    if (row.counts()) {
      drifts.count(version, row.cells(), prediction);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_ANSWER_BYTES);
    try (JsonGenerator generator = json.createGenerator(bytes)) {
      generator.writeStartObject();
      generator.writeStringProperty("model", version.name());
      generator.writeNumberProperty("version", version.version());
      PredictionJson.write(generator, prediction, row.warnings());
      if (assured != null) {
        PredictionJson.write(generator, assured);
      }
      if (explaining != null) {
        PredictionJson.write(generator, why, explaining.columns());
      }
      if (!row.passed().isEmpty()) {
        generator.writeObjectPropertyStart(PredictionJson.PASS);
        row.passed().forEach((name, text) -> PredictionJson.text(generator, name, text));
        generator.writeEndObject();
      }
      generator.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /// It takes as long as the answers to hundreds of rows, and waits its turn as these do.
  private List<Explaining.Why> why(
      Explaining explaining, QueryRow row, Prediction prediction, HttpServletRequest request) {
    explaining.check(1);
    try (Budget.Claim claim = inFlight.claim();
        ComputeSlots.Slot _ = slots.acquire(request)) {
      claim.grow(explaining.bytes());
      return explaining.why(row.cells(), prediction);
    } catch (NonFiniteOutputException e) {
      throw overflow();
    }
  }

  private static ProblemException overflow() {
    return new ProblemException(
        ProblemCode.INVALID_DATA,
        "the inputs are too large for this network: its answer is not finite");
  }

  private static Prediction predict(ModelVersion version, QueryRow row) {
    return borrowing(version, workspace -> version.predictor().predict(row.cells(), workspace));
  }

  private static Assured assured(ModelVersion version, QueryRow row, BigDecimal interval) {
    return borrowing(
        version, workspace -> version.predictor().predict(row.cells(), workspace, interval));
  }

  private static <T> T borrowing(ModelVersion version, Function<PredictorWorkspace, T> answer) {
    PredictorWorkspace workspace = version.workspaces().borrow();
    try {
      return answer.apply(workspace);
    } catch (NonFiniteOutputException e) {
      throw overflow();
    } finally {
      version.workspaces().giveBack(workspace);
    }
  }
}
