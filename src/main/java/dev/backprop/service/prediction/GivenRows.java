package dev.backprop.service.prediction;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows that a request is about: those of its body, or those of a data set. Whoever uses them
/// takes them part by part.
interface GivenRows extends AutoCloseable {

  /// How many rows there are.
  int size();

  /// The columns whose texts are copied into the answer.
  List<String> passed();

  /// The rows, from the first one on. The caller closes them.
  Parts parts();

  @Override
  default void close() {}

  /// Some of the rows after others.
  interface Parts extends AutoCloseable {

    /// The next rows, null after the last ones.
    @Nullable PredictionRows next();

    @Override
    default void close() {}
  }
}
