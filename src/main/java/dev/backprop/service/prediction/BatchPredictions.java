package dev.backprop.service.prediction;

import dev.backprop.engine.drift.Window;
import dev.backprop.engine.scoring.Assured;
import dev.backprop.engine.scoring.NonFiniteOutputException;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorWorkspace;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.BodyType;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.monitoring.Drifts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Answers many rows. It computes block by block and sends what it has from time to time, so that
/// an answer of any length takes little memory. That is counted as long as the client takes to read
/// it.
@Component
record BatchPredictions(JsonMapper json, ComputeSlots slots, Budget inFlight, Drifts drifts) {

  /// @throws ProblemException 422 if the network's answer to a row overflows
  void answer(
      ModelVersion version,
      GivenRows rows,
      AnswerFormat.Parts format,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    Explaining explaining = format.explaining();
    if (explaining != null) {
      explaining.check(rows.size());
    }
    int block = Math.min(Scorer.BLOCK, rows.size());
    Predictor predictor = version.predictor();
    try (Budget.Claim claim = inFlight.claim()) {
      claim.grow(predictor.workspaceBytes(block));
      PredictorWorkspace workspace = predictor.workspace(block);
      boolean few = rows.size() <= Scorer.BLOCK && explaining == null;
      claim.grow(explaining == null ? 0 : explaining.bytes());
      try (ComputeSlots.@Nullable Slot slot = few ? null : slots.acquire(request)) {
        String charset = format.form() == BodyType.Form.CSV ? ";charset=UTF-8" : "";
        ChunkedBody body = new ChunkedBody(response, format.form().type() + charset, claim, slot);
        answer(version, rows, workspace, body, format);
      }
    }
  }

  private void answer(
      ModelVersion version,
      GivenRows rows,
      PredictorWorkspace workspace,
      ChunkedBody body,
      AnswerFormat.Parts format)
      throws IOException {
    if (version.inputs() instanceof ModelInputs.Numbers) {
      // Bare numbers are used as given and may overflow: found out while the answer can still be a
      // problem.
      predict(version, rows, workspace, null, (_, _, _, _) -> {});
    }
    AnswerWriter writer = AnswerFormat.writer(format, version, json, body.chunk());
    Explaining explaining = format.explaining();
    Counting counting = new Counting(format.counts() && drifts.counts(version), rows.size());
    writer.begin();
    try {
      predict(
          version,
          rows,
          workspace,
          format.interval(),
          (part, row, cells, given) -> {
            List<Explaining.Why> why = why(explaining, row, cells, given.prediction());
            if (counting.counts()) {
              drifts.count(version, cells.of(row), given.prediction());
            }
            writer.answer(
                new AnswerWriter.Told(given.prediction(), given.assured(), why), part, row);
            if (body.isFull()) {
              writer.flush();
              body.sendChunk();
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    writer.end();
    writer.flush();
    body.end();
  }

  private static List<Explaining.Why> why(
      @Nullable Explaining explaining, int row, CellBlocks cells, Prediction prediction) {
    try {
      return explaining == null ? List.of() : explaining.why(cells.of(row), prediction);
    } catch (NonFiniteOutputException _) {
      throw new NonFiniteOutputException(row);
    }
  }

  /// Which rows count for drift: of more than the window has, the last.
  private static final class Counting {

    private final boolean counts;
    private int before;

    Counting(boolean counts, int rows) {
      this.counts = counts;
      this.before = rows - Window.ROWS;
    }

    /// Whether the next row does.
    boolean counts() {
      return counts && before-- <= 0;
    }
  }

  /// Takes an answer.
  private interface Answers {

    /// @param row within the part
    /// @param cells of the part
    void accept(PredictionRows part, int row, CellBlocks cells, Given given);
  }

  /// @param assured null if no interval is asked for
  private record Given(Prediction prediction, @Nullable Assured assured) {}

  /// @param interval null if none is asked for
  private static void predict(
      ModelVersion version,
      GivenRows rows,
      PredictorWorkspace workspace,
      @Nullable BigDecimal interval,
      Answers answers) {
    try (GivenRows.Parts parts = rows.parts()) {
      int first = 0;
      for (PredictionRows part = parts.next(); part != null; part = parts.next()) {
        try {
          predict(version.predictor(), part, workspace, interval, answers);
        } catch (NonFiniteOutputException e) {
          throw overflow(version, first + e.row());
        }
        first += part.size();
      }
    }
  }

  private static void predict(
      Predictor predictor,
      PredictionRows part,
      PredictorWorkspace workspace,
      @Nullable BigDecimal interval,
      Answers answers) {
    Consumer<Given> each =
        new Consumer<>() {
          private final CellBlocks cells = new CellBlocks(part);
          private int row;

          @Override
          public void accept(Given given) {
            answers.accept(part, row, cells, given);
            row++;
          }
        };
    if (interval == null) {
      predictor.predict(
          part.rows(), workspace, prediction -> each.accept(new Given(prediction, null)));
    } else {
      predictor.predict(
          part.rows(),
          workspace,
          interval,
          assured -> each.accept(new Given(assured.prediction(), assured)));
    }
  }

  private static ProblemException overflow(ModelVersion version, int row) {
    String detail = "is too large for this network: its answer is not finite";
    return switch (version.inputs()) {
      case ModelInputs.Numbers _ ->
          ProblemException.at(ProblemCode.INVALID_DATA, "/inputs/" + row, detail);
      case ModelInputs.Columns _ ->
          new ProblemException(
              ProblemCode.INVALID_DATA, "row %d, counted from 0, %s".formatted(row, detail));
    };
  }
}
