package dev.backprop.service.prediction;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.FreeParameters;
import dev.backprop.platform.http.Paths;
import dev.backprop.service.dataset.BodyParameters;
import dev.backprop.service.dataset.BodyType;
import dev.backprop.service.model.ModelLookup;
import dev.backprop.service.model.ModelVersion;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Predictions and evaluations of the current version, or of the one that the path names.
@RestController
@RequestMapping(Paths.MODEL)
record PredictionController(
    ModelLookup models,
    SinglePredictions single,
    BatchPredictions batch,
    BodyRows bodies,
    Evaluations evaluations,
    PredictionMeters meters) {

  private static final String VERSION = "/versions/{version}";
  private static final String CSV = "text/csv";
  private static final String NDJSON = "application/x-ndjson";

  @FreeParameters
  @Allowed(Role.PREDICT)
  @GetMapping(
      path = {"/predictions", VERSION + "/predictions"},
      produces = MediaType.APPLICATION_JSON_VALUE)
  void get(
      @PathVariable String name,
      @PathVariable(required = false) @Nullable Integer version,
      Caller caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    meters.answer(
        () -> models.version(name, version, caller),
        found -> single.answer(found, request, response));
  }

  @Allowed(Role.PREDICT)
  @PostMapping(
      path = {"/predictions", VERSION + "/predictions"},
      consumes = {MediaType.APPLICATION_JSON_VALUE, CSV, NDJSON, BodyType.PARQUET_TYPE})
  void post(
      @PathVariable String name,
      @PathVariable(required = false) @Nullable Integer version,
      BodyParameters options,
      RowOptions rowOptions,
      Caller caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    BodyRows.Asked asked = new BodyRows.Asked(options, rowOptions, false, caller);
    meters.answer(
        () -> models.version(name, version, caller),
        found -> answer(found, asked, request, response));
  }

  private Answer answer(
      ModelVersion version,
      BodyRows.Asked asked,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    RowOptions rowOptions = asked.rowOptions();
    rowOptions.check();
    Explaining explaining = Explaining.of(version, rowOptions.explaining());
    BigDecimal interval = rowOptions.interval(version.predictor());
    BodyType.Form format =
        AnswerFormat.accepted(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
    return bodies.with(
        request,
        version,
        asked,
        rows -> {
          AnswerFormat.Parts parts =
              new AnswerFormat.Parts(
                  format,
                  rows.passed(),
                  rowOptions.withWarnings(),
                  explaining,
                  interval,
                  rowOptions.counts());
          batch.answer(version, rows, parts, request, response);
          return Answer.of(rows.size());
        });
  }

  @Allowed(Role.PREDICT)
  @PostMapping(
      path = {"/evaluations", VERSION + "/evaluations"},
      consumes = {MediaType.APPLICATION_JSON_VALUE, CSV, NDJSON, BodyType.PARQUET_TYPE},
      produces = MediaType.APPLICATION_JSON_VALUE)
  EvaluationAnswer evaluate(
      @PathVariable String name,
      @PathVariable(required = false) @Nullable Integer version,
      BodyParameters options,
      RowsOption rowsOption,
      Caller caller,
      HttpServletRequest request)
      throws IOException {
    ModelVersion found = models.version(name, version, caller);
    RowSearch search = rowsOption.search(found);
    return bodies.with(
        request,
        found,
        new BodyRows.Asked(options, RowOptions.NONE, true, caller),
        rows -> evaluations.evaluate(found, rows, search, request));
  }
}
