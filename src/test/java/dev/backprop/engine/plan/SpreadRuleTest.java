package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.plan.SpreadRule.Size;
import dev.backprop.engine.training.SpreadTraining.Outer;
import dev.backprop.engine.training.SpreadTraining.Rounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpreadRuleTest {

  @ParameterizedTest
  @CsvSource({
    // Few rows are averaged, with large steps; one shard is a machine.
    "40_000, 8, 6_000, 40, 4, MEAN, true, 3",
    "499_999, 8, 6_000, 8, 4, MEAN, true, 3",
    "40_000, 1, 6_000, 40, 4, MEAN, true, 1",
    // Many rows have momentum, if there are rounds enough for it.
    "500_000, 8, 6_000, 8, 4, NESTEROV, true, 2",
    "500_000, 4, 6_000, 8, 4, NESTEROV, true, 1",
    "500_000, 8, 6_000, 7, 4, MEAN, true, 3",
    // Long epochs have more rounds, and moments of many parameters are not sent.
    "8_000_000, 8, 6_000, 3, 10, NESTEROV, true, 2",
    "7_999_999, 8, 6_000, 3, 4, MEAN, true, 3",
    "40_000, 8, 999_999, 40, 4, MEAN, true, 3",
    "40_000, 8, 1_000_000, 40, 4, MEAN, false, 3",
  })
  void followsFromRowsShardsEpochsAndParameters(
      String rows,
      int shards,
      String parameters,
      int epochs,
      int perEpoch,
      Outer outer,
      boolean moments,
      double rate) {
    Size size = new Size(number(rows), shards, number(parameters), epochs);

    assertThat(SpreadRule.of(size, null, null))
        .isEqualTo(new SpreadRule(new Rounds(perEpoch, outer, moments), rate));
  }

  @Test
  void doesWhatIsAskedFor() {
    SpreadRule rule = SpreadRule.of(new Size(40_000, 8, 6_000, 40), 1, Outer.NESTEROV);

    assertThat(rule).isEqualTo(new SpreadRule(new Rounds(1, Outer.NESTEROV, true), 2));
  }

  private static long number(String text) {
    return Long.parseLong(text.replace("_", ""));
  }
}
