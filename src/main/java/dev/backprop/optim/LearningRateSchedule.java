package dev.backprop.optim;

import dev.backprop.spec.ScheduleSpec;

/// The learning rate of every step of a training.
public final class LearningRateSchedule {

  public LearningRateSchedule(ScheduleSpec spec, double baseRate, int epochs, int stepsPerEpoch) {}

  /// @param epoch from 0
  /// @param step of the epoch, from 0
  public double rate(int epoch, int step) {
    throw new UnsupportedOperationException();
  }
}
