package dev.backprop.engine.optim;

import dev.backprop.engine.spec.FactorSchedule;
import dev.backprop.engine.spec.ScheduleSpec;

/// The learning rate of every step: a function of epoch and step, but for reduce-on-plateau, which
/// is told the validation loss of every epoch.
public final class LearningRateSchedule {

  private final ScheduleSpec spec;
  private final double baseRate;
  private final int epochs;
  private final int stepsPerEpoch;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private int epochsWithoutFall;
  private double plateauFactor = 1;

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
          case ScheduleSpec.CosineRestarts restarts ->
              restarts(restarts, epoch + step / (double) stepsPerEpoch);
          case ScheduleSpec.OneCycle cycle -> oneCycle(cycle, (long) epoch * stepsPerEpoch + step);
          case ScheduleSpec.CosLog4 _ -> cosLog4(progress(epoch, step));
          case ScheduleSpec.FlatCos _ -> FactorSchedule.FLAT_COS.factor(progress(epoch, step));
          case ScheduleSpec.ExponentialWarmup(double steps) ->
              -Math.expm1(-((double) epoch * stepsPerEpoch + step + 1) / steps);
          case ScheduleSpec.ReduceOnPlateau _ -> plateauFactor;
        };
  }

  /// The share of the steps that come before this one.
  ///
  /// @param epoch from 0
  /// @param step within the epoch, from 0
  public double progress(int epoch, int step) {
    return ((double) epoch * stepsPerEpoch + step) / ((double) epochs * stepsPerEpoch);
  }

  /// Takes the end of an epoch into account.
  ///
  /// @param validationLoss the one that is watched
  public void onEpoch(double validationLoss) {
    if (spec instanceof ScheduleSpec.ReduceOnPlateau plateau) {
      if (validationLoss < bestLoss - plateau.minDelta()) {
        bestLoss = validationLoss;
        epochsWithoutFall = 0;
      } else if (++epochsWithoutFall == plateau.patience()) {
        epochsWithoutFall = 0;
        plateauFactor = Math.max(plateau.minimumFactor(), plateauFactor * plateau.factor());
      }
    }
  }

  /// Takes out or puts back what it has been told.
  public void exchange(State state) {
    bestLoss = state.number(bestLoss);
    epochsWithoutFall = state.integer(epochsWithoutFall, 0, Integer.MAX_VALUE);
    plateauFactor = state.number(plateauFactor);
  }

  private double cosine(ScheduleSpec.Cosine spec, long step) {
    long warmup = (long) spec.warmupEpochs() * stepsPerEpoch;
    if (step < warmup) {
      // From 1/warmup to 1: a first step of rate 0 would be a batch for nothing.
      return (step + 1.0) / warmup;
    }
    double progress = (step - warmup) / (double) ((long) epochs * stepsPerEpoch - warmup);
    return halfCosine(1, spec.minimumFactor(), progress);
  }

  private static double cosLog4(double t) {
    double waves = Math.log1p(15 * t) / Math.log(2);
    return (1 - Math.cos(2 * Math.PI * waves)) / 2;
  }

  private static double restarts(ScheduleSpec.CosineRestarts spec, double epoch) {
    double period = spec.period();
    // Periods of one length are not counted off: there may be as many as epochs.
    double start = spec.multiplier() == 1 ? Math.floor(epoch / period) * period : 0;
    while (epoch >= start + period) {
      start += period;
      period *= spec.multiplier();
    }
    return halfCosine(1, spec.minimumFactor(), (epoch - start) / period);
  }

  private double oneCycle(ScheduleSpec.OneCycle spec, long step) {
    long steps = (long) epochs * stepsPerEpoch;
    // PyTorch's phases; with so few steps that none rises, the first is the highest.
    double top = Math.max(0, spec.warmupFraction() * steps - 1);
    double initial = 1 / spec.initialDivisor();
    if (step < top) {
      return halfCosine(initial, 1, step / top);
    }
    double fall = Math.max(1, steps - 1 - top);
    return halfCosine(1, initial / spec.finalDivisor(), (step - top) / fall);
  }

  /// From one value at progress 0 to another at 1.
  private static double halfCosine(double from, double to, double progress) {
    return to + (from - to) * (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
