package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.table.Tables;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// What is said of columns that predict the target alone.
class AloneWarningsTest {

  private static final int ROWS = 400;

  private final SplittableRandom random = new SplittableRandom(9);

  private static List<String> said(int rows, IntFunction<Object[]> row) {
    WarningRows table = new WarningRows();
    for (int i = 0; i < rows; i++) {
      table.row(row.apply(i));
    }
    return new AloneWarnings(table.data(), Tables.rows(rows), 1).warnings();
  }

  private static Object[] row(Object... cells) {
    return cells;
  }

  private double noise() {
    return random.nextDouble();
  }

  private String yes(double x) {
    return x > 0.7 ? "yes" : "no";
  }

  @Test
  void aNumberThatTellsTwoClassesApart() {
    List<String> said =
        said(
            ROWS,
            _ -> {
              double x = noise();
              return row(x, noise(), yes(x));
            });
    assertThat(said)
        .containsExactly(
            "column 'c0' alone predicts 'y' almost perfectly: AUC 1 on 400 training rows; if it is known only when the target is, set its type to ignore");
    assertThat(
            said(
                ROWS,
                _ -> {
                  double x = noise();
                  return row(-x, noise(), yes(x));
                }))
        .hasSize(1);
  }

  @Test
  void oneThatOnlyHelpsIsLeftInPeace() {
    assertThat(
            said(
                ROWS,
                _ -> {
                  double x = noise();
                  return row(x, noise(), yes(x + 0.5 * (noise() - 0.5)));
                }))
        .isEmpty();
    assertThat(
            said(
                ROWS,
                _ -> {
                  double x = noise();
                  return row(x, noise(), x + 0.3 * noise());
                }))
        .isEmpty();
  }

  @Test
  void whetherACellIsThereMayTellIt() {
    assertThat(
            said(
                ROWS,
                _ -> {
                  String y = yes(noise());
                  return row(y.equals("yes") ? noise() : Double.NaN, y);
                }))
        .hasSize(1);
  }

  @Test
  void categories() {
    IntFunction<Object[]> telling =
        i -> row("kind " + i % 10, "k " + random.nextInt(10), i % 10 < 3 ? "yes" : "no");
    assertThat(said(ROWS, telling)).hasSize(1).first().asString().startsWith("column 'c0' alone");
    assertThat(said(ROWS, i -> row("kind " + i % 10, i % 10 < 3 ? 5.5 + noise() : noise())))
        .isEmpty();
    assertThat(said(ROWS, i -> row("kind " + i % 10, i % 10 + 0.001 * noise())))
        .hasSize(1)
        .first()
        .asString()
        .contains("alone predicts 'y' almost perfectly: R² of ranks 0.9");
  }

  @Test
  void categoriesOfOneRowEachTellNothing() {
    assertThat(said(ROWS, i -> row("id " + i, yes(noise())))).isEmpty();
    assertThat(said(ROWS, i -> row("id " + i / 2, noise()))).isEmpty();
  }

  @Test
  void copiesOfNumbersAndMonotoneFunctionsOfThem() {
    List<String> said =
        said(
            ROWS,
            _ -> {
              double y = Math.exp(5 * noise());
              return row(y, -Math.pow(y, 3), Math.log(y) + noise(), noise(), y);
            });
    assertThat(said).hasSize(2);
    assertThat(said.get(0)).startsWith("column 'c0' alone predicts 'y'").contains("R² of ranks 1 ");
    assertThat(said.get(1)).startsWith("column 'c1' alone predicts 'y'");
  }

  /// In the manner of iris: a number that orders three classes is a good one, its copy as codes is
  /// none.
  @Test
  void manyClasses() {
    String[] classes = {"a", "b", "c"};
    List<String> said =
        said(
            ROWS,
            i -> {
              int c = i % 3;
              return row(c + 0.8 * noise(), (c + 1) % 3, "code " + c, classes[c]);
            });
    assertThat(said).hasSize(2);
    assertThat(said.get(0)).startsWith("column 'c1' alone");
    assertThat(said.get(1)).startsWith("column 'c2' alone");
  }

  @Test
  void fewRowsSayNothing() {
    IntFunction<Object[]> copies =
        _ -> {
          double x = noise();
          return row(x, yes(x));
        };
    assertThat(said(99, copies)).isEmpty();
    assertThat(said(400, i -> row((double) i, i < 10 ? "yes" : "no"))).isEmpty();
  }

  @Test
  void fiveColumnsAreNamed() {
    List<String> said =
        said(
            ROWS,
            _ -> {
              double x = noise();
              return row(x, 2 * x, 3 * x, 4 * x, 5 * x, 6 * x, 7 * x, x);
            });
    assertThat(said).hasSize(6);
    assertThat(said.getLast())
        .isEqualTo("2 more times a column alone predicts a target almost perfectly");
  }
}
