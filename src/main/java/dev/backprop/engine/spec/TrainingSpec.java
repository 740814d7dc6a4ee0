package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a network is trained.
///
/// @param epochs 1 … 10,000
/// @param batchSize examples a step, at least 1; null until [#resolve]
/// @param seed 0 … 2^53 - 1
/// @param validationFraction at least 0, below 1; null until [#resolve]
/// @param testFraction at least 0, below 1
/// @param clipNorm the largest global norm of a gradient, above 0; null for no clipping
/// @param maxNorm the largest norm of a unit's incoming weights, above 0; null for no bound
/// @param averaging of the parameters; null if the last ones are validated and served
/// @param earlyStopping null until [#resolve]
/// @param classWeights in the loss of the training; null if all classes weigh 1
/// @param maxSeconds no epoch begins after this time, above 0, at most 30 days; null for no limit.
///   Of an ensemble, no member begins that would not end within this time
/// @param crossValidation null if rows are held out once
/// @param selection the figure of the validation rows that decides which epoch is the best; null if
///   early stopping says what it watches
/// @param decaySchedule of a factor on the decay of an optimizer that decays weights apart from
///   their gradients; null if that is constant
/// @param learningRateFactors by the kind of a parameter; null if all are 1
/// @param layerStatistics whether every epoch tells how each layer fared in one of its mini-batches
/// @param bagging null if one network is served
/// @param calibration whether rows that are held out also tell how sure answers are: the
///   probabilities of classes are set right by them, and they bound numbers and sets of classes
/// @param importance whether the training ends with measuring which columns matter
/// @param threshold from which probability on the positive one of two classes is answered, above 0
///   and below 1; null for the likelier one
/// @param positive the text of that class; null for the second one
public record TrainingSpec(
    @Interval("[1, 10000]") @Default("100") int epochs,
    @Interval("[1, ∞)") @Nullable Integer batchSize,
    @Interval("[0, 9007199254740991]") @Default("0") long seed,
    @Interval("[0, 1)") @Nullable Double validationFraction,
    @Interval("[0, 1)") @Default("0") double testFraction,
    @Default("adam") OptimizerSpec optimizer,
    @Default("constant") ScheduleSpec schedule,
    @Default("{}") RegularizationSpec regularization,
    @Interval("(0, ∞)") @Nullable Double clipNorm,
    @Interval("(0, ∞)") @Nullable Double maxNorm,
    @Nullable AveragingSpec averaging,
    @Nullable EarlyStoppingSpec earlyStopping,
    @Nullable ClassWeightsSpec classWeights,
    @Interval("(0, 2592000]") @Nullable Double maxSeconds,
    @Nullable CrossValidationSpec crossValidation,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Metric selection,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable FactorSchedule decaySchedule,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable LearningRateFactorsSpec learningRateFactors,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Default("false") boolean layerStatistics,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable BaggingSpec bagging,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Default("false") boolean calibration,
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = UnlessTrue.class)
        @Default("true")
        boolean importance,
    @Interval("(0, 1)") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double threshold,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String positive) {

  public static final int MAX_EPOCHS = 10_000;
  public static final long MAX_SEED = (1L << 53) - 1;
  public static final int DEFAULT_BATCH_SIZE = 32;
  public static final int LONGEST_SECONDS = 30 * 24 * 60 * 60;

  public TrainingSpec {
    Check.range("/epochs", epochs, 1, MAX_EPOCHS);
    if (batchSize != null) {
      Check.range("/batchSize", batchSize, 1, Integer.MAX_VALUE);
    }
    if (seed < 0 || seed > MAX_SEED) {
      throw new InvalidSpecException("/seed", "must be from 0 to " + MAX_SEED + ", was " + seed);
    }
    if (validationFraction != null) {
      Check.fraction("/validationFraction", validationFraction);
    }
    Check.fraction("/testFraction", testFraction);
    if (validationFraction != null && validationFraction + testFraction >= 1) {
      throw new InvalidSpecException(
          "/testFraction",
          "must leave rows to train on: validationFraction %s and testFraction %s together must be below 1"
              .formatted(validationFraction, testFraction));
    }
    if (clipNorm != null) {
      Check.positive("/clipNorm", clipNorm);
    }
    if (threshold != null && !(threshold > 0 && threshold < 1)) {
      throw new InvalidSpecException("/threshold", "must be above 0 and below 1, was " + threshold);
    }
    if (maxNorm != null) {
      Check.positive("/maxNorm", maxNorm);
    }
    if (schedule instanceof ScheduleSpec.Cosine cosine && cosine.warmupEpochs() >= epochs) {
      throw new InvalidSpecException(
          "/schedule/warmupEpochs",
          "must be below the %d epochs, was %d".formatted(epochs, cosine.warmupEpochs()));
    }
    decaySchedule = decaySchedule == FactorSchedule.CONSTANT ? null : decaySchedule;
    FullBatchRules.check(optimizer, schedule, regularization, clipNorm, maxNorm, averaging);
    if (layerStatistics) {
      FullBatchRules.checkLayerStatistics(optimizer);
    }
    if (learningRateFactors != null) {
      FullBatchRules.check(optimizer, learningRateFactors);
    }
    if (maxSeconds != null) {
      TrainingRules.checkBudget(maxSeconds);
    }
    if (bagging != null) {
      TrainingRules.checkBagging(validationFraction, crossValidation);
    }
    if (crossValidation != null) {
      TrainingRules.checkCrossValidation(validationFraction, schedule, maxSeconds);
      TrainingRules.checkCalibration(calibration);
    }
    if (classWeights == null) {
      TrainingRules.checkMonitor("/earlyStopping", monitor(earlyStopping));
      TrainingRules.checkMonitor("/schedule", monitor(schedule));
    }
    if (decaySchedule != null) {
      TrainingRules.checkDecay(decaySchedule, optimizer);
    }
    if (selection != null) {
      TrainingRules.checkSelection(selection, monitor(earlyStopping));
    }
  }

  private static @Nullable Monitor monitor(@Nullable EarlyStoppingSpec earlyStopping) {
    return earlyStopping instanceof EarlyStoppingSpec.Patience patience ? patience.monitor() : null;
  }

  private static @Nullable Monitor monitor(ScheduleSpec schedule) {
    return schedule instanceof ScheduleSpec.ReduceOnPlateau plateau ? plateau.monitor() : null;
  }

  /// A training with every default: what an absent `training` means.
  public static TrainingSpec defaults() {
    return Defaults.fill(TrainingSpec.class);
  }

  /// The validation fraction that holds for this many rows: the given one, else 0.2 from 50 rows
  /// up, else 0. With folds to validate on it is 0 unless given.
  public double validationFractionFor(long rows) {
    if (validationFraction != null) {
      return validationFraction;
    }
    return rows >= 50 && servedNetworks() == 1 && crossValidation == null && 0.2 + testFraction < 1
        ? 0.2
        : 0;
  }

  /// The same training with every default decided.
  ///
  /// @param validationFraction the fraction that the split used, 0 if validation rows were given
  ///   apart
  /// @param trainingRows rows left to train on, at least 1
  /// @param validationRows rows to validate on, of folds together, 0 for none
  /// @throws InvalidSpecException if a given batch is larger than the training rows, or smaller
  ///   with an optimizer of full batches. Also if early stopping or reduce-on-plateau is given
  ///   without validation rows
  public TrainingSpec resolve(double validationFraction, int trainingRows, int validationRows) {
    TrainingRules.checkRows(this, trainingRows, validationRows);
    EarlyStoppingSpec stopping = earlyStopping;
    if (stopping == null) {
      stopping =
          validationRows > 0 ? EarlyStoppingSpec.Patience.DEFAULT : new EarlyStoppingSpec.None();
    }
    int defaultBatchSize =
        optimizer.fullBatch() ? trainingRows : Math.min(DEFAULT_BATCH_SIZE, trainingRows);
    return SpecCopy.of(this)
        .with("batchSize", batchSize == null ? defaultBatchSize : batchSize)
        .with("validationFraction", validationFraction)
        .with("earlyStopping", stopping)
        .spec()
        .watching(Monitor.WEIGHTED_VALIDATION_LOSS);
  }

  /// The same training, which watches this if classes have weights and it does not say what it
  /// watches.
  private TrainingSpec watching(Monitor monitor) {
    if (classWeights == null) {
      return this;
    }
    SpecCopy<TrainingSpec> copy = SpecCopy.of(this);
    if (schedule instanceof ScheduleSpec.ReduceOnPlateau plateau && plateau.monitor() == null) {
      copy.with("schedule", plateau.watching(monitor));
    }
    if (earlyStopping instanceof EarlyStoppingSpec.Patience patience
        && patience.monitor() == null
        && selection == null) {
      copy.with("earlyStopping", patience.watching(monitor));
    }
    return copy.spec();
  }

  /// The same resolved training, which says what it watches. One that former versions resolved does
  /// not, and watched the validation loss.
  public TrainingSpec sayingWhatItWatches() {
    return watching(Monitor.VALIDATION_LOSS);
  }

  /// The same training before it is resolved, to watch what was decided when it was accepted.
  ///
  /// @param decided resolved
  public TrainingSpec watchingAs(TrainingSpec decided) {
    EarlyStoppingSpec stopping =
        earlyStopping == null && decided.earlyStopping instanceof EarlyStoppingSpec.Patience
            ? EarlyStoppingSpec.Patience.DEFAULT
            : earlyStopping;
    SpecCopy<TrainingSpec> copy = SpecCopy.of(this).with("earlyStopping", stopping);
    if (schedule instanceof ScheduleSpec.ReduceOnPlateau plateau) {
      copy.with("schedule", plateau.watching(monitor(decided.schedule)));
    }
    if (stopping instanceof EarlyStoppingSpec.Patience patience) {
      copy.with("earlyStopping", patience.watching(monitor(decided.earlyStopping)));
    }
    return copy.spec();
  }

  /// The same resolved training on some of its rows: a batch is at most all of them.
  ///
  /// @param trainingRows at least 1
  public TrainingSpec onFewer(int trainingRows) {
    return SpecCopy.of(this)
        .with("batchSize", Math.min(resolvedBatchSize(), trainingRows))
        .with("earlyStopping", resolvedEarlyStopping())
        .spec();
  }

  /// The same training with this limit of its time; null for none.
  public TrainingSpec within(@Nullable Double seconds) {
    return Objects.equals(maxSeconds, seconds)
        ? this
        : SpecCopy.of(this).with("maxSeconds", seconds).spec();
  }

  /// The same resolved training without validation rows.
  public TrainingSpec withoutStopping() {
    return SpecCopy.of(this)
        .with("batchSize", resolvedBatchSize())
        .with("earlyStopping", new EarlyStoppingSpec.None())
        .with("selection", null)
        .spec();
  }

  /// Checkpoints know a training by it. What is left out of the youngest fields is not in it, so
  /// that it is the text of former versions.
  @Override
  public String toString() {
    String text =
        "TrainingSpec[epochs=%s, batchSize=%s, seed=%s, validationFraction=%s, testFraction=%s"
                .formatted(epochs, batchSize, seed, validationFraction, testFraction)
            + ", optimizer=%s, schedule=%s, regularization=%s, clipNorm=%s, maxNorm=%s"
                .formatted(optimizer, schedule, regularization, clipNorm, maxNorm)
            + ", averaging=%s, earlyStopping=%s, classWeights=%s, maxSeconds=%s, crossValidation=%s"
                .formatted(averaging, earlyStopping, classWeights, maxSeconds, crossValidation);
    if (selection != null) {
      text += ", selection=" + selection;
    }
    if (decaySchedule != null) {
      text += ", decaySchedule=" + decaySchedule;
    }
    if (learningRateFactors != null) {
      text += ", learningRateFactors=" + learningRateFactors;
    }
    if (layerStatistics) {
      text += ", layerStatistics=true";
    }
    if (bagging != null) {
      text += ", bagging=" + bagging;
    }
    if (calibration) {
      text += ", calibration=true";
    }
    if (!importance) {
      text += ", importance=false";
    }
    if (threshold != null) {
      text += ", threshold=" + threshold;
    }
    if (positive != null) {
      text += ", positive=" + positive;
    }
    return text + "]";
  }

  /// The factor on the decay of a step.
  ///
  /// @param t progress of the training, from 0 to 1
  public double decayFactor(double t) {
    return decaySchedule == null ? 1 : decaySchedule.factor(t);
  }

  /// How many networks are trained to be served together.
  public int servedNetworks() {
    return bagging == null ? 1 : bagging.folds();
  }

  /// The batch size of a resolved training.
  public int resolvedBatchSize() {
    if (batchSize == null) {
      throw new IllegalStateException("the training is not resolved");
    }
    return batchSize;
  }

  /// Whether the best epoch of a resolved training is served; else the last one is.
  public boolean servesBestEpoch() {
    return selection != null || resolvedEarlyStopping() instanceof EarlyStoppingSpec.Patience;
  }

  /// The early stopping of a resolved training.
  public EarlyStoppingSpec resolvedEarlyStopping() {
    if (earlyStopping == null) {
      throw new IllegalStateException("the training is not resolved");
    }
    return earlyStopping;
  }
}
