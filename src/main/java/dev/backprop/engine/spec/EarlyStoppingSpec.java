package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// When to stop before the last epoch. The object form may leave its type out: `{"patience": 10}`;
/// JSON `null` is [None].
@JsonTypeInfo(
    use = JsonTypeInfo.Id.NAME,
    property = "type",
    defaultImpl = EarlyStoppingSpec.Patience.class)
@JsonSubTypes({
  @JsonSubTypes.Type(value = EarlyStoppingSpec.None.class, name = "none"),
  @JsonSubTypes.Type(value = EarlyStoppingSpec.Patience.class, name = "patience"),
})
public sealed interface EarlyStoppingSpec {

  /// Every epoch runs, and the last one is served.
  record None() implements EarlyStoppingSpec {}

  /// Stops when the loss that it watches has not fallen by more than `minDelta` for `patience`
  /// epochs; the best epoch is served.
  ///
  /// @param patience epochs, at least 1
  /// @param minDelta at least 0
  /// @param monitor the loss that it watches. Null until [TrainingSpec#resolve], and then still for
  ///   the validation loss if classes weigh nothing of their own
  record Patience(
      @Interval("[1, 10000]") @Default("10") int patience,
      @Interval("[0, ∞)") @Default("0") double minDelta,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Monitor monitor)
      implements EarlyStoppingSpec {

    public static final Patience DEFAULT = Defaults.fill(Patience.class);

    public Patience {
      Check.range("/patience", patience, 1, TrainingSpec.MAX_EPOCHS);
      Check.notNegative("/minDelta", minDelta);
    }

    Patience watching(@Nullable Monitor other) {
      return new Patience(patience, minDelta, other);
    }

    /// If the validation loss is watched, as it was before there was a choice: checkpoints of
    /// before know the training by it.
    @Override
    public String toString() {
      return "Patience[patience=%s, minDelta=%s%s]"
          .formatted(patience, minDelta, Monitor.text(monitor));
    }
  }
}
