package dev.backprop.engine.spec;

/// How often a network is trained to tell how good it is. The rows are dealt to folds, and each
/// fold validates a network that learns from the others. Then one learns from all rows.
///
/// @param folds 2 … 20
public record CrossValidationSpec(@Interval("[2, 20]") @Default("5") int folds) {

  public static final int MAX_FOLDS = 20;

  public CrossValidationSpec {
    Check.range("/folds", folds, 2, MAX_FOLDS);
  }
}
