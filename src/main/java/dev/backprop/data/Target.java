package dev.backprop.data;

import dev.backprop.spec.Task;
import java.util.List;

/// What the network is to predict.
public sealed interface Target {

  /// The target columns in the order of the network's answers; empty for bare numbers.
  List<String> names();

  Task task();

  /// Units of the output layer.
  int outputs();

  /// One column of classes.
  ///
  /// @param classes sorted, at least two; of two classes the second is the one that the sigmoid
  ///   unit gives the probability of
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

  /// Several boolean columns.
  record MultiLabel(List<String> names) implements Target {
    public MultiLabel {
      names = List.copyOf(names);
    }

    @Override
    public Task task() {
      return Task.MULTILABEL_CLASSIFICATION;
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
