package dev.backprop.spark;

import dev.backprop.platform.artifact.ModelDraft;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/// Answers the rows of a partition, in a task.
///
/// @param places of the model's columns in a row
/// @param kept places of the columns that stand before the answer
@SuppressWarnings("ArrayRecordComponent") // sent to tasks, never compared
record PartitionScorer(
    Broadcast<SharedModel> model,
    int[] places,
    int[] kept,
    ScoreOptions options,
    ScoreCounts counts)
    implements MapPartitionsFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    ModelDraft draft = model.value().live().model();
    RowReader<Row> reader = RowReader.ofRows(new RowCells(draft, places), kept);
    return new RowScorer<>(rows, draft, reader, kept.length, options, counts);
  }
}
