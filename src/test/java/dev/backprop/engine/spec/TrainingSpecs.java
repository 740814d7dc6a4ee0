package dev.backprop.engine.spec;

import org.jspecify.annotations.Nullable;

/// A training with every default but what is said of it.
public final class TrainingSpecs {

  private @Nullable Integer epochs;
  private @Nullable Integer batchSize;
  private @Nullable Long seed;
  private @Nullable Double validationFraction;
  private @Nullable Double testFraction;
  private @Nullable OptimizerSpec optimizer;
  private @Nullable ScheduleSpec schedule;
  private @Nullable RegularizationSpec regularization;
  private @Nullable Double clipNorm;
  private @Nullable Double maxNorm;
  private @Nullable AveragingSpec averaging;
  private @Nullable EarlyStoppingSpec earlyStopping;
  private @Nullable ClassWeightsSpec classWeights;
  private @Nullable Double maxSeconds;
  private @Nullable CrossValidationSpec crossValidation;
  private @Nullable Metric selection;
  private @Nullable FactorSchedule decaySchedule;
  private @Nullable LearningRateFactorsSpec learningRateFactors;
  private @Nullable Boolean layerStatistics;
  private @Nullable BaggingSpec bagging;

  private TrainingSpecs() {}

  public static TrainingSpecs training() {
    return new TrainingSpecs();
  }

  public TrainingSpec spec() {
    return Defaults.fill(
        TrainingSpec.class,
        epochs,
        batchSize,
        seed,
        validationFraction,
        testFraction,
        optimizer,
        schedule,
        regularization,
        clipNorm,
        maxNorm,
        averaging,
        earlyStopping,
        classWeights,
        maxSeconds,
        crossValidation,
        selection,
        decaySchedule,
        learningRateFactors,
        layerStatistics,
        bagging);
  }

  public TrainingSpecs epochs(int epochs) {
    this.epochs = epochs;
    return this;
  }

  public TrainingSpecs batchSize(@Nullable Integer batchSize) {
    this.batchSize = batchSize;
    return this;
  }

  public TrainingSpecs seed(long seed) {
    this.seed = seed;
    return this;
  }

  public TrainingSpecs validationFraction(@Nullable Double validationFraction) {
    this.validationFraction = validationFraction;
    return this;
  }

  public TrainingSpecs testFraction(@Nullable Double testFraction) {
    this.testFraction = testFraction;
    return this;
  }

  public TrainingSpecs optimizer(@Nullable OptimizerSpec optimizer) {
    this.optimizer = optimizer;
    return this;
  }

  public TrainingSpecs schedule(@Nullable ScheduleSpec schedule) {
    this.schedule = schedule;
    return this;
  }

  public TrainingSpecs regularization(@Nullable RegularizationSpec regularization) {
    this.regularization = regularization;
    return this;
  }

  public TrainingSpecs clipNorm(@Nullable Double clipNorm) {
    this.clipNorm = clipNorm;
    return this;
  }

  public TrainingSpecs maxNorm(@Nullable Double maxNorm) {
    this.maxNorm = maxNorm;
    return this;
  }

  public TrainingSpecs averaging(@Nullable AveragingSpec averaging) {
    this.averaging = averaging;
    return this;
  }

  public TrainingSpecs earlyStopping(@Nullable EarlyStoppingSpec earlyStopping) {
    this.earlyStopping = earlyStopping;
    return this;
  }

  public TrainingSpecs classWeights(@Nullable ClassWeightsSpec classWeights) {
    this.classWeights = classWeights;
    return this;
  }

  public TrainingSpecs maxSeconds(@Nullable Double maxSeconds) {
    this.maxSeconds = maxSeconds;
    return this;
  }

  public TrainingSpecs crossValidation(@Nullable CrossValidationSpec crossValidation) {
    this.crossValidation = crossValidation;
    return this;
  }

  public TrainingSpecs selection(@Nullable Metric selection) {
    this.selection = selection;
    return this;
  }

  public TrainingSpecs decaySchedule(@Nullable FactorSchedule decaySchedule) {
    this.decaySchedule = decaySchedule;
    return this;
  }

  public TrainingSpecs learningRateFactors(@Nullable LearningRateFactorsSpec factors) {
    this.learningRateFactors = factors;
    return this;
  }

  public TrainingSpecs layerStatistics() {
    this.layerStatistics = true;
    return this;
  }

  public TrainingSpecs bagging(@Nullable BaggingSpec bagging) {
    this.bagging = bagging;
    return this;
  }
}
