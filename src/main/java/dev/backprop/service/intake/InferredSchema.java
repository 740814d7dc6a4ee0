package dev.backprop.service.intake;

import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import java.util.ArrayList;
import java.util.List;

/// A table whose columns have the types of its schema, ready to learn from.
///
/// @param taskInferred whether what to do with the target was inferred from the data, and not said
///   by the request
/// @param warnings what was left out and why
public record InferredSchema(
    Table table, Schema schema, boolean taskInferred, List<String> warnings) {

  public InferredSchema {
    warnings = List.copyOf(warnings);
  }

  /// The same with the tokens that the table was read with.
  public InferredSchema with(MissingTokens tokens) {
    return new InferredSchema(table, schema.with(tokens), taskInferred, warnings);
  }

  /// The same with more tokens.
  public InferredSchema alsoMissing(MissingTokens tokens) {
    return with(schema.missing().with(tokens.tokens()));
  }

  /// The same with more warnings.
  InferredSchema warned(List<String> more) {
    List<String> all = new ArrayList<>(warnings);
    all.addAll(more);
    return new InferredSchema(table, schema, taskInferred, all);
  }
}
