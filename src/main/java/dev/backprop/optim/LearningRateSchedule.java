package dev.backprop.optim;

import dev.backprop.spec.ScheduleSpec;

/// The learning rate of every step.
public final class LearningRateSchedule {

  private final ScheduleSpec spec;
  private final double baseRate;
  private final int epochs;
  private final int stepsPerEpoch;

  /// @param epochs at least 1
  /// @param stepsPerEpoch at least 1
  public LearningRateSchedule(ScheduleSpec spec, double baseRate, int epochs, int stepsPerEpoch) {
    this.spec = spec;
    this.baseRate = baseRate;
    this.epochs = epochs;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /// @param epoch from 0
  /// @param step within the epoch, from 0
  public double rate(int epoch, int step) {
    return baseRate
        * switch (spec) {
          case ScheduleSpec.Constant _ -> 1;
          case ScheduleSpec.Step(int every, double factor) ->
              Math.pow(factor, Math.floorDiv(epoch, every));
          case ScheduleSpec.Exponential(double factor) -> Math.pow(factor, epoch);
          case ScheduleSpec.Cosine cosine -> cosine(cosine, (long) epoch * stepsPerEpoch + step);
        };
  }

  private double cosine(ScheduleSpec.Cosine spec, long step) {
    long warmup = (long) spec.warmupEpochs() * stepsPerEpoch;
    if (step < warmup) {
      // From 1/warmup to 1: a first step of rate 0 would be a batch for nothing.
      return (step + 1.0) / warmup;
    }
    double progress = (step - warmup) / (double) ((long) epochs * stepsPerEpoch - warmup);
    double half = (1 + Math.cos(Math.PI * progress)) / 2;
    return spec.minimumFactor() + (1 - spec.minimumFactor()) * half;
  }
}
