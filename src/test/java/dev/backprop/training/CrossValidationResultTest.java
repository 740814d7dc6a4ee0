package dev.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.training.CrossValidationResult.Figure;
import dev.backprop.training.CrossValidationResult.Fold;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CrossValidationResultTest {

  private static Fold fold(int number, int bestEpoch, Map<String, Double> metrics) {
    return new Fold(number, 10, 50, bestEpoch, metrics);
  }

  private static Figure figure(CrossValidationResult result, String metric) {
    return Objects.requireNonNull(result.metrics().get(metric));
  }

  /// Mean 4, squares of 9, 1 and 16 over 2.
  @Test
  void isTheMeanAndTheDeviationOfTheSample() {
    CrossValidationResult result =
        CrossValidationResult.of(
            List.of(
                fold(1, 7, Map.of("loss", 1.0)),
                fold(2, 3, Map.of("loss", 3.0)),
                fold(3, 9, Map.of("loss", 8.0))));
    assertThat(figure(result, "loss").mean()).isCloseTo(4, within(1e-15));
    assertThat(figure(result, "loss").standardDeviation()).isCloseTo(Math.sqrt(13), within(1e-15));
    assertThat(figure(result, "loss").folds()).isEqualTo(3);
    assertThat(result.epochs()).isEqualTo(7);
  }

  @Test
  void ofTwoMediansTheLowerCounts() {
    List<Fold> folds =
        List.of(
            fold(1, 9, Map.of()),
            fold(2, 2, Map.of()),
            fold(3, 30, Map.of()),
            fold(4, 5, Map.of()));
    assertThat(CrossValidationResult.of(folds).epochs()).isEqualTo(5);
    assertThat(CrossValidationResult.of(folds.subList(0, 2)).epochs()).isEqualTo(2);
  }

  @Test
  void aFigureIsOfTheFoldsThatHaveIt() {
    CrossValidationResult result =
        CrossValidationResult.of(
            List.of(
                fold(1, 1, Map.of("loss", 5.0)),
                fold(2, 1, Map.of("loss", 5.0, "auc", 0.75, "r2", 0.5)),
                fold(3, 1, Map.of("loss", 5.0, "auc", 0.25))));
    assertThat(result.metrics()).containsOnlyKeys("loss", "auc", "r2");
    assertThat(figure(result, "loss")).isEqualTo(new Figure(5, 0.0, 3));
    assertThat(figure(result, "auc")).isEqualTo(new Figure(0.5, 0.25 * Math.sqrt(2), 2));
    assertThat(figure(result, "r2")).isEqualTo(new Figure(0.5, null, 1));
  }

  @Test
  void figuresOfHugeNumbersAreFinite() {
    Figure huge =
        figure(
            CrossValidationResult.of(
                List.of(fold(1, 1, Map.of("loss", 1.5e308)), fold(2, 1, Map.of("loss", 1e308)))),
            "loss");
    assertThat(huge.mean()).isCloseTo(1.25e308, within(1e295));
    assertThat(huge.standardDeviation()).isCloseTo(0.25e308 * Math.sqrt(2), within(1e295));
  }
}
