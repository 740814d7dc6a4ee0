package dev.backprop.engine.spec;

/// Several networks that are served together. The rows are dealt to folds. For each fold a network
/// learns from the others and is validated on it, and they answer with their mean (Breiman 1996,
/// with folds in place of bootstrap samples, as in Parmanto et al. 1996).
///
/// @param folds 2 … 20
public record BaggingSpec(@Interval("[2, 20]") @Default("5") int folds) {

  public static final int MAX_FOLDS = 20;

  public BaggingSpec {
    Check.range("/folds", folds, 2, MAX_FOLDS);
  }
}
