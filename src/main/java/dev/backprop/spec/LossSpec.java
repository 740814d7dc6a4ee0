package dev.backprop.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// What is minimized: the mean over examples of the loss of one example, whose outputs are a_1 …
/// a_q and whose targets are y_1 … y_q.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LossSpec.CrossEntropy.class, name = "cross-entropy"),
  @JsonSubTypes.Type(value = LossSpec.SquaredError.class, name = "squared-error"),
  @JsonSubTypes.Type(value = LossSpec.Quadratic.class, name = "quadratic"),
  @JsonSubTypes.Type(value = LossSpec.AbsoluteError.class, name = "absolute-error"),
  @JsonSubTypes.Type(value = LossSpec.Huber.class, name = "huber"),
})
public sealed interface LossSpec {

  /// Softmax outputs: -Σ y ln a. Sigmoid outputs: -Σ [y ln a + (1 - y) ln(1 - a)]. Computed from
  /// the logits.
  record CrossEntropy() implements LossSpec {}

  /// Mean over the outputs of (a - y)².
  record SquaredError() implements LossSpec {}

  /// 1/2 Σ (a - y)² (Nielsen, chapter 1).
  record Quadratic() implements LossSpec {}

  /// Mean over the outputs of |a - y|.
  record AbsoluteError() implements LossSpec {}

  /// Mean over the outputs of (a - y)²/2 where |a - y| <= delta, delta (|a - y| - delta/2)
  /// elsewhere (Huber 1964; the form of PyTorch's HuberLoss).
  ///
  /// @param delta above 0
  record Huber(double delta) implements LossSpec {
    public Huber {
      Check.positive("/delta", delta);
    }

    @JsonCreator
    static Huber of(@Nullable Double delta) {
      return new Huber(delta == null ? 1 : delta);
    }
  }
}
