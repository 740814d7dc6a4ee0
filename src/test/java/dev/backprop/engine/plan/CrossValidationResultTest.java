package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.plan.CrossValidationResult.Figure;
import dev.backprop.engine.plan.CrossValidationResult.Fold;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.table.Label;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
                fold(3, 9, Map.of("loss", 8.0))),
            List.of());
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
    assertThat(CrossValidationResult.epochs(folds)).isEqualTo(5);
    assertThat(CrossValidationResult.epochs(folds.subList(0, 2))).isEqualTo(2);
  }

  @Test
  void aFigureIsOfTheFoldsThatHaveIt() {
    CrossValidationResult result =
        CrossValidationResult.of(
            List.of(
                fold(1, 1, Map.of("loss", 5.0)),
                fold(2, 1, Map.of("loss", 5.0, "auc", 0.75, "r2", 0.5)),
                fold(3, 1, Map.of("loss", 5.0, "auc", 0.25))),
            List.of());
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
                List.of(fold(1, 1, Map.of("loss", 1.5e308)), fold(2, 1, Map.of("loss", 1e308))),
                List.of()),
            "loss");
    assertThat(huge.mean()).isCloseTo(1.25e308, within(1e295));
    assertThat(huge.standardDeviation()).isCloseTo(0.25e308 * Math.sqrt(2), within(1e295));
  }

  private static List<Map<String, Map<String, Double>>> parts(Evaluation... ofFolds) {
    return Stream.of(ofFolds).map(Evaluation::parts).toList();
  }

  private static Evaluation classes(@Nullable Double precision, @Nullable Double recall) {
    return new Evaluation.Classification(
        4,
        0.5,
        0.75,
        0.5,
        null,
        List.of(Label.text("a"), Label.text("b")),
        List.of(),
        List.of(
            new Evaluation.ClassScore(Label.text("a"), 4, 0.25, 1.0),
            new Evaluation.ClassScore(Label.text("b"), 0, precision, recall)),
        new Evaluation.ClassBaseline(Label.text("a"), 1, null));
  }

  /// Of each class over the folds that have it.
  @Test
  void classesHaveFiguresOfTheirOwn() {
    CrossValidationResult result =
        CrossValidationResult.of(
            List.of(fold(1, 1, Map.of()), fold(2, 1, Map.of()), fold(3, 1, Map.of())),
            parts(classes(null, null), classes(0.5, 0.0), classes(1.0, null)));
    assertThat(result.parts())
        .isEqualTo(
            Map.of(
                "a",
                Map.of("precision", new Figure(0.25, 0.0, 3), "recall", new Figure(1, 0.0, 3)),
                "b",
                Map.of(
                    "precision",
                    new Figure(0.75, 0.25 * Math.sqrt(2), 2),
                    "recall",
                    new Figure(0, null, 1))));
  }

  @Test
  void severalNumbersHaveFiguresOfTheirOwnAndASingleOneIsTheWhole() {
    Evaluation.OutputScore first = new Evaluation.OutputScore("x", 2, 1, 0.5);
    Evaluation.OutputScore second = new Evaluation.OutputScore("y", 4, 3, null);
    Evaluation.NumberBaseline baseline = new Evaluation.NumberBaseline(1, 1);
    List<Fold> folds = List.of(fold(1, 1, Map.of()));
    assertThat(
            CrossValidationResult.of(
                    folds,
                    parts(
                        new Evaluation.Regression(
                            5, 1, 3, 2, null, List.of(first, second), baseline)))
                .parts())
        .isEqualTo(
            Map.of(
                "x",
                Map.of(
                    "rmse", new Figure(2, null, 1),
                    "mae", new Figure(1, null, 1),
                    "r2", new Figure(0.5, null, 1)),
                "y",
                Map.of("rmse", new Figure(4, null, 1), "mae", new Figure(3, null, 1))));
    assertThat(
            CrossValidationResult.of(
                    folds,
                    parts(new Evaluation.Regression(5, 1, 2, 1, 0.5, List.of(first), baseline)))
                .parts())
        .isNull();
  }
}
