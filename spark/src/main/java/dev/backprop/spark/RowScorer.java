package dev.backprop.spark;

import dev.backprop.engine.data.CellBlock;
import dev.backprop.engine.scoring.NonFiniteOutputException;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.PredictorWorkspace;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.platform.artifact.ModelDraft;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/// The rows of a partition with their answers. It reads and answers a block at a time, and holds no
/// other rows.
///
/// @param <R> how Spark gives rows
final class RowScorer<R> implements Iterator<Row> {

  /// Rows of a block, in whole blocks of the predictor.
  private static final int BLOCK = 4 * 252;

  /// Why a row has no answer.
  static final String NOT_FINITE = "is too large for this network: its answer is not finite";

  private final Iterator<R> rows;
  private final Predictor predictor;
  private final RowReader<R> reader;
  private final AnswerColumns answers;
  private final ScoreOptions options;
  private final ScoreCounts counts;
  private final PredictorWorkspace workspace;
  private final CellBlock block;

  /// How many columns stand before the answer.
  private final int kept;

  private final int width;

  /// The rows of the block with their answers.
  private final @Nullable Object[][] answered = new Object[BLOCK][];

  /// Which of these each row of cells belongs to.
  private final int[] owners = new int[BLOCK];

  /// How many rows the block has, and the next that is handed out.
  private int filled;

  private int next;

  /// The row of cells that is answered next.
  private int answering;

  /// @param kept how many columns stand before the answer
  RowScorer(
      Iterator<R> rows,
      ModelDraft model,
      RowReader<R> reader,
      int kept,
      ScoreOptions options,
      ScoreCounts counts) {
    this.rows = rows;
    this.predictor = model.predictor();
    this.reader = reader;
    this.answers = new AnswerColumns(predictor.scorer().target(), options.interval() != null);
    this.options = options;
    this.counts = counts;
    this.kept = kept;
    this.workspace = predictor.workspace(Scorer.BLOCK);
    this.block = new CellBlock(reader.cells().width(), BLOCK);
    this.width = kept + answers.fields().size() + (options.nullIfInvalid() ? 1 : 0);
  }

  @Override
  public boolean hasNext() {
    if (next == filled) {
      fill();
    }
    return next < filled;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return RowFactory.create(answered[next++]);
  }

  private void fill() {
    next = 0;
    filled = 0;
    int valid = 0;
    while (filled < BLOCK && rows.hasNext()) {
      R row = rows.next();
      @Nullable Object[] values = new Object[width];
      for (int k = 0; k < kept; k++) {
        values[k] = reader.kept(row, k);
      }
      answered[filled] = values;
      try {
        reader.read(row, block, valid);
        owners[valid++] = filled;
      } catch (InvalidDataException e) {
        invalid(values, String.valueOf(e.getMessage()));
      }
      filled++;
    }
    block.size(valid);
    answering = 0;
    while (answering < valid) {
      answerFrom(answering);
    }
    counts.add(filled, reader.cells());
  }

  /// Answers the rows of cells from one on, to the end or behind the first without a finite answer.
  private void answerFrom(int first) {
    PredictorRows asked = PredictorRows.of(predictor, block, first);
    BigDecimal interval = options.interval();
    try {
      if (interval == null) {
        predictor.predict(
            asked,
            workspace,
            prediction -> answers.write(prediction, answered[owners[answering++]], kept));
      } else {
        predictor.predict(
            asked,
            workspace,
            interval,
            assured -> answers.write(assured, answered[owners[answering++]], kept));
      }
    } catch (NonFiniteOutputException _) {
      invalid(answered[owners[answering++]], NOT_FINITE);
    }
  }

  private void invalid(@Nullable Object[] values, String reason) {
    if (!options.nullIfInvalid()) {
      throw new InvalidRowException(TaskFile.place(reason));
    }
    counts.invalidRow();
    values[width - 1] = reason;
  }
}
