package dev.backprop.engine.table;

import dev.backprop.engine.spec.Task;
import java.math.BigDecimal;
import java.util.List;

/// What the network is to predict.
public sealed interface Target {

  /// The most classes of a model. Answers and evaluations grow with them; the counts of actual and
  /// predicted classes grow with their square.
  int MAX_CLASSES = 1000;

  /// The target columns in the order of the network's answers; empty for bare numbers.
  List<String> names();

  Task task();

  /// Units of the output layer.
  int outputs();

  /// One column of classes.
  ///
  /// @param classes sorted, at least two; if there are two, the sigmoid unit gives the probability
  ///   of the second
  record Classes(String name, List<Label> classes) implements Target {
    public Classes {
      classes = List.copyOf(classes);
    }

    @Override
    public List<String> names() {
      return List.of(name);
    }

    @Override
    public Task task() {
      return classes.size() == 2 ? Task.BINARY_CLASSIFICATION : Task.MULTICLASS_CLASSIFICATION;
    }

    @Override
    public int outputs() {
      return classes.size() == 2 ? 1 : classes.size();
    }
  }

  /// One numeric column or several.
  record Numbers(List<String> names) implements Target {
    public Numbers {
      names = List.copyOf(names);
    }

    @Override
    public Task task() {
      return Task.REGRESSION;
    }

    @Override
    public int outputs() {
      return names.size();
    }
  }

  /// Several quantiles of one numeric column, an output each.
  ///
  /// @param taus ascending, each above 0 and below 1
  record Quantiles(String name, List<Double> taus) implements Target {
    public Quantiles {
      taus = List.copyOf(taus);
    }

    @Override
    public List<String> names() {
      return List.of(name);
    }

    @Override
    public Task task() {
      return Task.REGRESSION;
    }

    @Override
    public int outputs() {
      return taus.size();
    }

    /// The taus as decimals, without exponents.
    public List<String> texts() {
      return taus.stream()
          .map(tau -> BigDecimal.valueOf(tau).stripTrailingZeros().toPlainString())
          .toList();
    }

    /// The quantile that is answered as the number: the one whose tau is nearest to 1/2, and the
    /// lower one of two.
    public int middle() {
      int middle = 0;
      for (int j = 1; j < taus.size(); j++) {
        if (Math.abs(taus.get(j) - 0.5) < Math.abs(taus.get(middle) - 0.5)) {
          middle = j;
        }
      }
      return middle;
    }
  }

  /// Several boolean columns.
  ///
  /// @param numbers whether the data had 0 and 1, which answers then have instead of `false` and
  ///   `true`
  record MultiLabel(List<String> names, boolean numbers) implements Target {

    private static final List<Label> NUMBERS = List.of(Label.number(0), Label.number(1));

    public MultiLabel {
      names = List.copyOf(names);
    }

    /// Of `false` and `true`.
    public MultiLabel(List<String> names) {
      this(names, false);
    }

    /// What is answered for a column: the first for no, the second for yes.
    public List<Label> classes() {
      return numbers ? NUMBERS : Label.TRUTH;
    }

    @Override
    public Task task() {
      return Task.MULTILABEL_CLASSIFICATION;
    }

    /// Older checkpoints identify a target of truth values by this text.
    @Override
    public String toString() {
      return "MultiLabel[names=%s%s]".formatted(names, numbers ? ", numbers" : "");
    }

    @Override
    public int outputs() {
      return names.size();
    }
  }

  /// Bare numbers.
  record Bare(int width) implements Target {
    @Override
    public List<String> names() {
      return List.of();
    }

    @Override
    public Task task() {
      return Task.BARE;
    }

    @Override
    public int outputs() {
      return width;
    }
  }
}
