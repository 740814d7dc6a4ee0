package dev.backprop.spark;

import dev.backprop.engine.scoring.NonFiniteOutputException;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorWorkspace;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.platform.artifact.ModelDraft;
import java.math.BigDecimal;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/// Answers one row at a time: the SQL function. Whatever a row needs is made once a task, since
/// Spark gives every task a copy of its own.
final class RowFunction implements UDF1<Row, Row> {

  private static final long serialVersionUID = 1;

  private final Broadcast<SharedModel> model;
  private final ScoreOptions options;
  private transient @Nullable One one;

  RowFunction(Broadcast<SharedModel> model, ScoreOptions options) {
    this.model = model;
    this.options = options;
  }

  @Override
  public synchronized Row call(Row row) {
    One known = one;
    if (known == null || !known.schema.equals(row.schema())) {
      known = new One(model.value().live().model(), row.schema(), options);
      one = known;
    }
    return known.answer(row);
  }

  /// Answers rows of one schema.
  private static final class One {

    private final StructType schema;
    private final Predictor predictor;
    private final PredictorWorkspace workspace;
    private final RowCells cells;
    private final AnswerColumns answers;
    private final ScoreOptions options;
    private final int width;

    One(ModelDraft model, StructType schema, ScoreOptions options) {
      this.schema = schema;
      this.predictor = model.predictor();
      this.workspace = predictor.workspace(1);
      this.cells = new RowCells(model, ModelColumns.places(model, schema));
      this.answers = new AnswerColumns(predictor.scorer().target(), options.interval() != null);
      this.options = options;
      this.width = answers.fields().size() + (options.nullIfInvalid() ? 1 : 0);
    }

    Row answer(Row row) {
      @Nullable Object[] values = new Object[width];
      BigDecimal interval = options.interval();
      try {
        double[] read = cells.read(row);
        if (interval == null) {
          answers.write(predictor.predict(read, workspace), values, 0);
        } else {
          answers.write(predictor.predict(read, workspace, interval), values, 0);
        }
      } catch (InvalidDataException e) {
        invalid(values, String.valueOf(e.getMessage()));
      } catch (NonFiniteOutputException _) {
        invalid(values, RowScorer.NOT_FINITE);
      }
      return RowFactory.create(values);
    }

    private void invalid(@Nullable Object[] values, String reason) {
      if (!options.nullIfInvalid()) {
        throw new InvalidRowException(TaskFile.place(reason));
      }
      values[width - 1] = reason;
    }
  }
}
