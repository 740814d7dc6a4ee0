package dev.backprop.engine.spec;

import org.jspecify.annotations.Nullable;

/// What does not go together in a training.
public final class TrainingRules {

  /// Figures of layers that a training may have in all its epochs.
  public static final int MAX_LAYER_FIGURES = 100_000;

  private TrainingRules() {}

  /// The most layers whose figures an epoch of a network has: those of the spec, an output layer,
  /// one for inputs, one for their cosines and one for members.
  ///
  /// @param network resolved
  public static int watchedLayers(NetworkSpec network) {
    return network.layersByPointer().size() + 4;
  }

  /// @param network resolved
  /// @throws InvalidSpecException with a pointer into the training, if there would be too many
  ///   figures to keep
  public static void checkLayerStatistics(TrainingSpec training, NetworkSpec network) {
    int layers = watchedLayers(network);
    if (training.layerStatistics() && (long) layers * training.epochs() > MAX_LAYER_FIGURES) {
      throw new InvalidSpecException(
          "/layerStatistics",
          "goes with at most %d layers times epochs, there are %d times %d"
              .formatted(MAX_LAYER_FIGURES, layers, training.epochs()));
    }
  }

  /// @throws InvalidSpecException if that is watched and classes have no weights
  static void checkMonitor(String pointer, @Nullable Monitor monitor) {
    if (monitor == Monitor.WEIGHTED_VALIDATION_LOSS) {
      throw new InvalidSpecException(
          pointer + "/monitor", "must be validationLoss without classWeights, was " + monitor);
    }
  }

  /// @param monitor what early stopping was told to watch; null for nothing
  static void checkSelection(Metric selection, @Nullable Monitor monitor) {
    if (monitor != null) {
      throw new InvalidSpecException(
          "/earlyStopping/monitor",
          "must be left out with selection, which is %s and is watched, was %s"
              .formatted(selection, monitor));
    }
  }

  static void checkCrossValidation(
      @Nullable Double validationFraction, ScheduleSpec schedule, @Nullable Double maxSeconds) {
    if (validationFraction != null && validationFraction > 0) {
      throw new InvalidSpecException(
          "/validationFraction",
          "must be left out or 0 with crossValidation, whose folds are validated on, was "
              + validationFraction);
    }
    if (schedule instanceof ScheduleSpec.ReduceOnPlateau) {
      throw new InvalidSpecException(
          "/schedule",
          "reduce-on-plateau does not go with crossValidation, whose last fit has no validation rows");
    }
    if (maxSeconds != null) {
      throw new InvalidSpecException(
          "/maxSeconds",
          "does not go with crossValidation, whose last fit runs as long as its folds found best");
    }
  }

  static void checkCalibration(boolean calibration) {
    if (calibration) {
      throw new InvalidSpecException(
          "/calibration", "must be false with crossValidation, whose model has no rows held out");
    }
  }

  static void checkBagging(
      @Nullable Double validationFraction, @Nullable CrossValidationSpec crossValidation) {
    if (validationFraction != null && validationFraction > 0) {
      throw new InvalidSpecException(
          "/validationFraction",
          "must be left out or 0 with bagging, whose folds are validated on, was "
              + validationFraction);
    }
    if (crossValidation != null) {
      throw new InvalidSpecException(
          "/bagging",
          "does not go with crossValidation: the folds of bagging are measured too, and served");
    }
  }

  static void checkBudget(double maxSeconds) {
    if (Check.positive("/maxSeconds", maxSeconds) > TrainingSpec.LONGEST_SECONDS) {
      throw new InvalidSpecException(
          "/maxSeconds", "must be at most " + TrainingSpec.LONGEST_SECONDS + ", was " + maxSeconds);
    }
  }

  /// Whether a training of one network may be cut by its time. A run that its budget ends is the
  /// run of so many epochs. If the learning rate depends on how many there will be, it is not.
  ///
  /// @throws InvalidSpecException with a pointer into the training
  public static void checkCut(TrainingSpec training) {
    if (training.maxSeconds() == null) {
      return;
    }
    if (training.bagging() != null) {
      throw new InvalidSpecException(
          "/maxSeconds", "does not go with bagging, whose folds are trained side by side");
    }
    if (training.schedule().dependsOnEpochs()) {
      throw new InvalidSpecException(
          "/maxSeconds",
          "does not go with %s, whose learning rates depend on how many epochs will run"
              .formatted(TypeName.of(training.schedule())));
    }
    if (training.decaySchedule() != null) {
      throw new InvalidSpecException(
          "/maxSeconds",
          "does not go with a decaySchedule of %s, whose factors depend on how many epochs will run"
              .formatted(training.decaySchedule()));
    }
  }

  /// As [TrainingSpec#resolve] says it.
  static void checkRows(TrainingSpec training, int trainingRows, int validationRows) {
    OptimizerSpec optimizer = training.optimizer();
    Integer batchSize = training.batchSize();
    if (batchSize != null && batchSize > trainingRows) {
      throw new InvalidSpecException(
          "/batchSize",
          "must be at most the %d training rows, was %d".formatted(trainingRows, batchSize));
    }
    if (optimizer.fullBatch() && batchSize != null && batchSize < trainingRows) {
      throw new InvalidSpecException(
          "/batchSize",
          "must be left out or all the %d training rows with %s, was %d"
              .formatted(trainingRows, TypeName.of(optimizer), batchSize));
    }
    if (validationRows > 0) {
      return;
    }
    if (training.earlyStopping() instanceof EarlyStoppingSpec.Patience) {
      throw new InvalidSpecException("/earlyStopping", "needs validation rows, there are 0");
    }
    if (training.selection() != null) {
      throw new InvalidSpecException(
          "/selection",
          "needs validation rows to take %s from, there are 0".formatted(training.selection()));
    }
    if (training.schedule() instanceof ScheduleSpec.ReduceOnPlateau) {
      throw new InvalidSpecException(
          "/schedule", "reduce-on-plateau needs validation rows, there are 0");
    }
    if (training.calibration()) {
      throw new InvalidSpecException("/calibration", "needs rows that are held out, there are 0");
    }
  }

  static void checkDecay(FactorSchedule decaySchedule, OptimizerSpec optimizer) {
    if (!optimizer.decays()) {
      throw new InvalidSpecException(
          "/decaySchedule",
          "must be constant or left out with %s, which has no weightDecay, was %s"
              .formatted(TypeName.of(optimizer), decaySchedule));
    }
  }

  /// As [#checkCut] of the layers.
  ///
  /// @param network resolved
  /// @throws InvalidSpecException with a pointer into the network
  public static void check(TrainingSpec training, NetworkSpec network) {
    if (training.maxSeconds() == null) {
      return;
    }
    network
        .layersByPointer()
        .forEach(
            (pointer, layer) -> {
              if (layer instanceof LayerSpec.Dropout dropout && dropout.schedule() != null) {
                throw new InvalidSpecException(
                    pointer + "/schedule",
                    "must be constant or left out with maxSeconds %s, which leaves open how many epochs will run, was %s"
                        .formatted(training.maxSeconds(), dropout.schedule()));
              }
            });
  }
}
