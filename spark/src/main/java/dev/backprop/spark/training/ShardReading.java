package dev.backprop.spark.training;

import dev.backprop.engine.table.MissingTokens;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the rows of shards are read.
///
/// @param columns of the rows, in their order
/// @param tokens the texts that stand for a missing cell
/// @param categorical columns whose texts are kept as they are
/// @param types that the spec says, by column, the names of [dev.backprop.engine.table.ColumnType]
record ShardReading(
    List<String> columns, List<String> tokens, Set<String> categorical, Map<String, String> types)
    implements Serializable {

  MissingTokens missing() {
    return new MissingTokens(tokens);
  }
}
