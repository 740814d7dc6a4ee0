package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// An average of the parameters over the steps (Polyak and Juditsky 1992), which is validated and
/// served in place of the last ones.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(@JsonSubTypes.Type(value = AveragingSpec.Ema.class, name = "ema"))
public sealed interface AveragingSpec {

  /// An exponential moving average.
  ///
  /// @param decay what the average keeps of itself at each step, above 0, below 1
  record Ema(@Interval("(0, 1)") @Default("0.999") double decay) implements AveragingSpec {

    public Ema {
      if (!(decay > 0 && decay < 1)) {
        throw new InvalidSpecException("/decay", "must be above 0 and below 1, was " + decay);
      }
    }
  }
}
