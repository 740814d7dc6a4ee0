package dev.backprop.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.optim.Lbfgs.Progress;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LbfgsTest {

  /// A function in double precision.
  interface Function {

    /// @param g to be overwritten with the gradient at x
    double of(double[] x, double[] g);
  }

  private static final class Problem implements Objective {
    private final Function function;
    private final Parameters x;
    private int evaluations;

    Problem(Function function, Parameters x) {
      this.function = function;
      this.x = x;
    }

    @Override
    public double evaluate(Parameters gradient) {
      evaluations++;
      double[] at = new double[x.size()];
      double[] g = new double[at.length];
      Arrays.setAll(at, i -> x.values()[i]);
      double f = function.of(at, g);
      for (int i = 0; i < g.length; i++) {
        gradient.values()[i] = (float) g[i];
      }
      return f;
    }

    Lbfgs solver(OptimizerSpec.Lbfgs spec, double l2) {
      return new Lbfgs(spec, new RegularizationSpec(0, l2), x, this, Team.ALONE);
    }
  }

  private static final OptimizerSpec.Lbfgs DEFAULTS = Defaults.fill(OptimizerSpec.Lbfgs.class);

  private static OptimizerSpec.Lbfgs lbfgs(int history, double tolerance, double changeTolerance) {
    return new OptimizerSpec.Lbfgs(history, tolerance, changeTolerance, 25);
  }

  /// @return iterations until it has converged, at most 1000
  private static int run(Lbfgs lbfgs) {
    int iterations = 0;
    Progress progress;
    do {
      progress = lbfgs.iterate();
      iterations++;
    } while (progress == Progress.MOVED && iterations < 1_000);
    assertThat(progress).isEqualTo(Progress.CONVERGED);
    return iterations;
  }

  /// Σ c_i (x_i - i)² / 2, c from 1 to 1000.
  private static double bowl(double[] x, double[] g) {
    double f = 0;
    for (int i = 0; i < x.length; i++) {
      double c = Math.pow(1000, i / (x.length - 1.0));
      g[i] = c * (x[i] - i);
      f += g[i] * (x[i] - i) / 2;
    }
    return f;
  }

  /// As many iterations as PyTorch's LBFGS takes in double precision, from starts around this one.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void findsTheMinimumOfAQuadratic(int place) {
    Golden fewest = Golden.of("lbfgs-bowl", "fewest").get(place);
    Golden most = Golden.of("lbfgs-bowl", "most").get(place);
    Parameters x = Layouts.of(new float[20]);
    Problem problem = new Problem(LbfgsTest::bowl, x);
    Lbfgs lbfgs = problem.solver(lbfgs(fewest.index(), 1e-3, 0), 0);
    assertThat((double) run(lbfgs)).isBetween(fewest.value(), most.value());
    assertThat(lbfgs.gradientNorm()).isLessThanOrEqualTo(1e-3);
    for (int i = 0; i < 20; i++) {
      assertThat(x.values()[i]).isCloseTo(i, within(1e-3f));
    }
  }

  /// Problem 21 of Moré, Garbow and Hillstrom 1981, for 2 unknowns that of Rosenbrock 1960: the
  /// minimum is 0 at (1, …, 1).
  private static double rosenbrock(double[] x, double[] g) {
    double f = 0;
    for (int i = 0; i < x.length; i += 2) {
      double a = x[i + 1] - x[i] * x[i];
      double b = 1 - x[i];
      f += 100 * a * a + b * b;
      g[i] = -400 * a * x[i] - 2 * b;
      g[i + 1] = 200 * a;
    }
    return f;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 100, 40_000})
  void findsTheMinimumOfRosenbrocksFunction(int n) {
    float[] start = new float[n];
    for (int i = 0; i < n; i += 2) {
      start[i] = -1.2f;
      start[i + 1] = 1;
    }
    Parameters x = Layouts.of(start);
    Problem problem = new Problem(LbfgsTest::rosenbrock, x);
    Lbfgs lbfgs = problem.solver(lbfgs(10, 1e-4, 0), 0);
    assertThat(run(lbfgs)).isLessThan(60);
    assertThat(problem.evaluations).isLessThan(100);
    assertThat(lbfgs.loss()).isLessThan(1e-7 * n);
    for (float value : x.values()) {
      assertThat(value).isCloseTo(1, within(1e-3f));
    }
  }

  /// Problem 14 of Moré, Garbow and Hillstrom 1981, by Colville: the minimum is 0 at (1, 1, 1, 1).
  private static double wood(double[] x, double[] g) {
    double a = x[1] - x[0] * x[0];
    double b = x[3] - x[2] * x[2];
    double c = x[1] + x[3] - 2;
    double d = x[1] - x[3];
    g[0] = -400 * a * x[0] - 2 * (1 - x[0]);
    g[1] = 200 * a + 20 * c + 0.2 * d;
    g[2] = -360 * b * x[2] - 2 * (1 - x[2]);
    g[3] = 180 * b + 20 * c - 0.2 * d;
    return 100 * a * a
        + Math.pow(1 - x[0], 2)
        + 90 * b * b
        + Math.pow(1 - x[2], 2)
        + 10 * c * c
        + 0.1 * d * d;
  }

  @Test
  void findsTheMinimumOfWoodsFunction() {
    Parameters x = Layouts.of(-3, -1, -3, -1);
    run(new Problem(LbfgsTest::wood, x).solver(lbfgs(5, 1e-3, 0), 0));
    assertThat(x.values()).containsExactly(new float[] {1, 1, 1, 1}, within(1e-3f));
  }

  /// The minimum of (w - 3)²/2 + (b - 3)²/2 + l2 w²/2: w = 3 / (1 + l2), the bias b = 3.
  @Test
  void thePenaltyIsPartOfTheFunction() {
    Parameters x = Layouts.of(0, 0);
    Lbfgs lbfgs =
        new Problem(
                (at, g) -> {
                  g[0] = at[0] - 3;
                  g[1] = at[1] - 3;
                  return (g[0] * g[0] + g[1] * g[1]) / 2;
                },
                x)
            .solver(DEFAULTS, 0.5);
    run(lbfgs);
    assertThat(x.values()).containsExactly(new float[] {2, 3}, within(1e-5f));
    assertThat(lbfgs.loss()).isCloseTo(0.5, within(1e-5)); // without it
  }

  @Test
  void stepsTellTheirLength() {
    Lbfgs lbfgs = new Problem(LbfgsTest::bowl, Layouts.of(new float[20])).solver(DEFAULTS, 0);
    lbfgs.iterate();
    assertThat(lbfgs.stepLength()).isBetween(1e-6, 1e-2); // 1/‖g‖₁, about, or ten times as much
    for (int i = 0; i < 20; i++) {
      lbfgs.iterate();
    }
    assertThat(lbfgs.stepLength()).isEqualTo(1);
  }

  @Test
  void aMinimumNeedsNoStep() {
    Parameters x = Layouts.of(1, 1);
    Problem problem = new Problem(LbfgsTest::rosenbrock, x);
    Lbfgs lbfgs = problem.solver(DEFAULTS, 0);
    assertThat(lbfgs.iterate()).isEqualTo(Progress.CONVERGED);
    assertThat(problem.evaluations).isEqualTo(1);
    assertThat(lbfgs.stepLength()).isZero();
    assertThat(x.values()).containsExactly(1, 1);
  }

  /// The gradient is large, and the function nearly flat in numbers.
  @Test
  void changesThatAreSmallBesideTheFunctionEndIt() {
    Function high = (x, g) -> 1e6 + rosenbrock(x, g);
    Lbfgs loose = new Problem(high, Layouts.of(-1.2f, 1)).solver(lbfgs(10, 0, 1e-4), 0);
    assertThat(loose.iterate()).isEqualTo(Progress.CONVERGED);
    assertThat(loose.gradientNorm()).isGreaterThan(0.1);
    Lbfgs tight = new Problem(high, Layouts.of(-1.2f, 1)).solver(lbfgs(10, 0, 0), 0);
    assertThat(tight.iterate()).isEqualTo(Progress.MOVED);
  }

  @Test
  void comesBackFromWhereTheFunctionOverflows() {
    Parameters x = Layouts.of(5, 5);
    Function walled =
        (at, g) -> {
          double f = Math.cosh(at[0]) + Math.cosh(at[1] - 2);
          g[0] = Math.sinh(at[0]);
          g[1] = Math.sinh(at[1] - 2);
          return Math.abs(at[0]) > 5 || Math.abs(at[1]) > 5 ? Double.POSITIVE_INFINITY : f;
        };
    run(new Problem(walled, x).solver(DEFAULTS, 0));
    assertThat(x.values()).containsExactly(new float[] {0, 2}, within(1e-3f));
  }

  @Test
  void endsWhereNothingLowersTheFunction() {
    Parameters x = Layouts.of(0, 0);
    Function kink =
        (at, g) -> {
          g[0] = at[0] < 0 ? -1 : 1;
          g[1] = at[1] < 0 ? -1 : 1;
          return 1 + Math.abs(at[0]) + Math.abs(at[1]);
        };
    Lbfgs lbfgs = new Problem(kink, x).solver(DEFAULTS, 0);
    assertThat(lbfgs.iterate()).isEqualTo(Progress.STALLED);
    assertThat(x.values()).containsExactly(0, 0);
    assertThat(lbfgs.loss()).isEqualTo(1);
    assertThat(lbfgs.gradientNorm()).isEqualTo(1);
  }

  @Test
  void endsWhereNoStepIsFinite() {
    Parameters x = Layouts.of(1, 1);
    Function point =
        (at, g) -> {
          g[0] = 1;
          return at[0] == 1 ? 7 : Double.NaN;
        };
    Lbfgs lbfgs = new Problem(point, x).solver(DEFAULTS, 0);
    assertThat(lbfgs.iterate()).isEqualTo(Progress.NO_FINITE_STEP);
    assertThat(x.values()).containsExactly(1, 1);
    assertThat(lbfgs.loss()).isEqualTo(7);
  }

  @Test
  void aStartThatIsNotFiniteIsToldApart() {
    Function nan = (x, g) -> Double.NaN;
    Function steep =
        (x, g) -> {
          g[1] = Double.NaN;
          return 1;
        };
    for (Function function : List.of(nan, steep)) {
      assertThat(new Problem(function, Layouts.of(1, 1)).solver(DEFAULTS, 0).iterate())
          .isEqualTo(Progress.NOT_FINITE);
    }
  }

  /// The second layer is held, and pulls the gradient's norm no more.
  @Test
  void partsThatAreHeldStayAndDoNotCount() {
    LayerSpec learning = Defaults.fill(LayerSpec.Dense.class, 1);
    LayerSpec held = Defaults.fill(LayerSpec.Dense.class, 1, null, null, null, 0.0);
    NetworkSpec spec = NetworkSpec.of(List.of(learning, held), null, null).resolve(Task.REGRESSION);
    Parameters x = Network.of(spec, 1, 1, new float[6], new JavaKernels()).parameters();
    run(new Problem(LbfgsTest::bowl, x).solver(lbfgs(10, 1e-4, 0), 0.001));
    assertThat(x.values()).containsExactly(new float[] {0, 1, 0, 0, 4, 5}, within(1e-3f));
  }

  @Test
  void theSameRunGivesTheSameBits() {
    Parameters first = Layouts.of(-1.2f, 1, -1.2f, 1);
    Parameters second = Layouts.of(-1.2f, 1, -1.2f, 1);
    run(new Problem(LbfgsTest::rosenbrock, first).solver(DEFAULTS, 0));
    run(new Problem(LbfgsTest::rosenbrock, second).solver(DEFAULTS, 0));
    assertThat(first.values()).containsExactly(second.values());
  }

  /// Breaks off an evaluation, and every one after it until it may go on.
  private static final class Breaking implements Objective {

    private final Problem problem;
    private final int at;
    private boolean broken;

    /// @param at the evaluation, from 0; those before it happen
    Breaking(Problem problem, int at) {
      this.problem = problem;
      this.at = at;
    }

    @Override
    public double evaluate(Parameters gradient) {
      broken |= problem.evaluations == at;
      return broken ? Double.NaN : problem.evaluate(gradient);
    }

    @Override
    public boolean interrupted() {
      return broken;
    }

    void goOn() {
      broken = false;
      problem.evaluations++;
    }
  }

  /// Kinks, which mislead the history.
  private static double kinks(double[] x, double[] g) {
    double f = wood(x, g);
    for (int i = 0; i < x.length; i++) {
      f += 300 * Math.abs(x[i] - 0.5);
      g[i] += 300 * Math.signum(x[i] - 0.5);
    }
    return f;
  }

  static Stream<Function> functions() {
    return Stream.of(LbfgsTest::rosenbrock, LbfgsTest::wood, LbfgsTest::kinks);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void anIterationThatIsBrokenOffIsMadeAgain(Function function) {
    Parameters undisturbed = Layouts.of(-3, -1, -3, -1);
    Problem problem = new Problem(function, undisturbed);
    List<Progress> steps = iterate(problem.solver(DEFAULTS, 0.1), () -> {});
    for (int at = 0; at < problem.evaluations; at++) {
      Parameters x = Layouts.of(-3, -1, -3, -1);
      Breaking breaking = new Breaking(new Problem(function, x), at);
      Lbfgs lbfgs = new Lbfgs(DEFAULTS, new RegularizationSpec(0, 0.1), x, breaking, Team.ALONE);
      List<Progress> broken = iterate(lbfgs, breaking::goOn);
      assertThat(broken).containsOnlyOnce(Progress.INTERRUPTED);
      broken.remove(Progress.INTERRUPTED);
      assertThat(broken).isEqualTo(steps);
      assertThat(x.values()).containsExactly(undisturbed.values());
    }
  }

  /// At most 40 times, interruptions aside.
  private static List<Progress> iterate(Lbfgs lbfgs, Runnable onInterruption) {
    List<Progress> steps = new ArrayList<>();
    int made = 0;
    while (made < 40) {
      Progress progress = lbfgs.iterate();
      steps.add(progress);
      if (progress == Progress.INTERRUPTED) {
        onInterruption.run();
        continue;
      }
      made = progress == Progress.MOVED ? made + 1 : 40;
    }
    return steps;
  }
}
