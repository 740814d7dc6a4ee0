package dev.backprop.engine.spec;

import org.jspecify.annotations.Nullable;

/// A training with every default but what is said of it.
public final class TrainingSpecs {

  private final SpecCopy<TrainingSpec> copy = SpecCopy.of(TrainingSpec.defaults());

  private TrainingSpecs() {}

  public static TrainingSpecs training() {
    return new TrainingSpecs();
  }

  public TrainingSpec spec() {
    return copy.spec();
  }

  private TrainingSpecs with(String component, @Nullable Object value) {
    copy.with(component, value);
    return this;
  }

  public TrainingSpecs epochs(int epochs) {
    return with("epochs", epochs);
  }

  public TrainingSpecs batchSize(@Nullable Integer batchSize) {
    return with("batchSize", batchSize);
  }

  public TrainingSpecs seed(long seed) {
    return with("seed", seed);
  }

  public TrainingSpecs validationFraction(@Nullable Double validationFraction) {
    return with("validationFraction", validationFraction);
  }

  public TrainingSpecs testFraction(@Nullable Double testFraction) {
    return with("testFraction", testFraction);
  }

  public TrainingSpecs optimizer(@Nullable OptimizerSpec optimizer) {
    return with("optimizer", optimizer);
  }

  public TrainingSpecs schedule(@Nullable ScheduleSpec schedule) {
    return with("schedule", schedule);
  }

  public TrainingSpecs regularization(@Nullable RegularizationSpec regularization) {
    return with("regularization", regularization);
  }

  public TrainingSpecs clipNorm(@Nullable Double clipNorm) {
    return with("clipNorm", clipNorm);
  }

  public TrainingSpecs maxNorm(@Nullable Double maxNorm) {
    return with("maxNorm", maxNorm);
  }

  public TrainingSpecs averaging(@Nullable AveragingSpec averaging) {
    return with("averaging", averaging);
  }

  public TrainingSpecs earlyStopping(@Nullable EarlyStoppingSpec earlyStopping) {
    return with("earlyStopping", earlyStopping);
  }

  public TrainingSpecs classWeights(@Nullable ClassWeightsSpec classWeights) {
    return with("classWeights", classWeights);
  }

  public TrainingSpecs maxSeconds(@Nullable Double maxSeconds) {
    return with("maxSeconds", maxSeconds);
  }

  public TrainingSpecs crossValidation(@Nullable CrossValidationSpec crossValidation) {
    return with("crossValidation", crossValidation);
  }

  public TrainingSpecs selection(@Nullable Metric selection) {
    return with("selection", selection);
  }

  public TrainingSpecs decaySchedule(@Nullable FactorSchedule decaySchedule) {
    return with("decaySchedule", decaySchedule);
  }

  public TrainingSpecs learningRateFactors(@Nullable LearningRateFactorsSpec factors) {
    return with("learningRateFactors", factors);
  }

  public TrainingSpecs layerStatistics() {
    return with("layerStatistics", true);
  }

  public TrainingSpecs bagging(@Nullable BaggingSpec bagging) {
    return with("bagging", bagging);
  }

  public TrainingSpecs threshold(@Nullable Double threshold) {
    return with("threshold", threshold);
  }

  public TrainingSpecs positive(@Nullable String positive) {
    return with("positive", positive);
  }
}
