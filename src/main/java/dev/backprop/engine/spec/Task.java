package dev.backprop.engine.spec;

/// What the target asks of the network; the output layer follows from it.
public enum Task {
  /// Two classes: one sigmoid unit.
  BINARY_CLASSIFICATION,
  /// Three classes or more: a softmax unit per class.
  MULTICLASS_CLASSIFICATION,
  /// Several yes-or-no questions: a sigmoid unit each.
  MULTILABEL_CLASSIFICATION,
  /// One number or several: an identity unit each, on standardized targets.
  REGRESSION,
  /// Bare numbers: the network names its output.
  BARE
}
