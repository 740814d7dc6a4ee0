package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Draws;
import java.util.Arrays;

/// Which rows train, which validate, which calibrate and which test: ascending, disjoint, together
/// all rows that have a target.
public final class Split {

  private static final int VALIDATION = 1;
  private static final int TEST = 2;

  private final int[] training;
  private final int[] validation;
  private final int[] calibration;
  private final int[] test;

  /// None calibrate alone.
  public Split(int[] training, int[] validation, int[] test) {
    this(training, validation, new int[0], test);
  }

  private Split(int[] training, int[] validation, int[] calibration, int[] test) {
    this.training = training.clone();
    this.validation = validation.clone();
    this.calibration = calibration.clone();
    this.test = test.clone();
  }

  /// The same, some of whose validation rows calibrate and do nothing else.
  ///
  /// @param rows of the validation rows; of other data if there are none
  public Split calibrating(int[] rows) {
    return new Split(training, without(validation, rows), rows, test);
  }

  /// The same without rows that test.
  public Split untested() {
    return new Split(training, validation, calibration, new int[0]);
  }

  /// The rows that are not among others.
  ///
  /// @param rows ascending
  /// @param others ascending
  public static int[] without(int[] rows, int[] others) {
    return Arrays.stream(rows).filter(row -> Arrays.binarySearch(others, row) < 0).toArray();
  }

  public int[] training() {
    return training.clone();
  }

  public int[] validation() {
    return validation.clone();
  }

  /// Of other data if validation rows came apart.
  public int[] calibration() {
    return calibration.clone();
  }

  public int[] test() {
    return test.clone();
  }

  /// Draws the parts at random and, if the targets are classes, class by class in proportion. A
  /// class with one row trains, every other keeps at least one row for training.
  ///
  /// @param validationFraction of the rows that have a target, in [0, 1); above 0 it is at least
  ///   one row if any may be taken from the training
  /// @param testFraction likewise
  public static Split of(
      Examples examples, double validationFraction, double testFraction, long seed) {
    int[] rows = examples.labelled();
    int classes = 0;
    for (int row : rows) {
      classes = Math.max(classes, examples.stratum(row) + 1);
    }
    int[] sizes = new int[classes + 1];
    for (int row : rows) {
      sizes[examples.stratum(row) + 1]++;
    }
    int[] room = Arrays.stream(sizes).map(size -> Math.max(0, size - 1)).toArray();
    int[] validation = shares(sizes, room, rows.length, validationFraction);
    int[] test = shares(sizes, room, rows.length, testFraction);
    return draw(examples, rows, validation, test, seed);
  }

  /// Draws some of the rows, class by class in proportion if the targets are classes.
  ///
  /// @param rows that have a target
  /// @param fraction of them, above 0 and below 1
  public static int[] drawn(Examples examples, int[] rows, double fraction, long seed) {
    int classes = 0;
    for (int row : rows) {
      classes = Math.max(classes, examples.stratum(row) + 1);
    }
    int[] sizes = new int[classes + 1];
    for (int row : rows) {
      sizes[examples.stratum(row) + 1]++;
    }
    int[] shares = shares(sizes, sizes.clone(), rows.length, fraction);
    int[] order = rows.clone();
    Draws.shuffle(order, seed, Draws.Purpose.SPLIT, 1);
    return Arrays.stream(order)
        .filter(row -> shares[examples.stratum(row) + 1]-- > 0)
        .sorted()
        .toArray();
  }

  /// Takes keys for the test part and then for the validation part, until each has its fraction of
  /// the rows. Groups are taken as they are drawn, and of values in order the last ones. What is
  /// left trains.
  ///
  /// A key is never cut, so that a part may have more rows. A key that would make it more than
  /// twice as large as asked for stays behind if anything else can be taken. A group is passed over
  /// then, and a part that is in order ends.
  ///
  /// @param keys at least as many as there are parts
  public static Split of(RowKeys keys, double validationFraction, double testFraction) {
    int parts = 1 + (validationFraction > 0 ? 1 : 0) + (testFraction > 0 ? 1 : 0);
    if (keys.count() < parts) {
      throw new IllegalArgumentException(keys.count() + " keys for " + parts + " parts");
    }
    KeyParts taken = new KeyParts(keys);
    if (testFraction > 0) {
      taken.take(TEST, testFraction, parts - 1);
    }
    if (validationFraction > 0) {
      taken.take(VALIDATION, validationFraction, 1);
    }
    return new Split(taken.rows(0), taken.rows(VALIDATION), taken.rows(TEST));
  }

  /// How many rows each stratum gives: in proportion to its size, the rest of the roundings to
  /// those with the largest remainders.
  ///
  /// @param room how many rows each stratum can spare; reduced by what it gives
  private static int[] shares(int[] sizes, int[] room, int rows, double fraction) {
    int[] shares = new int[sizes.length];
    if (fraction == 0) {
      return shares;
    }
    int wanted = (int) Math.max(1, Math.min(Math.round(fraction * rows), rows));
    double[] remainders = new double[sizes.length];
    for (int s = 0; s < sizes.length; s++) {
      double quota = fraction * sizes[s];
      shares[s] = Math.min((int) quota, room[s]);
      remainders[s] = quota - (int) quota;
      room[s] -= shares[s];
      wanted -= shares[s];
    }
    while (wanted > 0) {
      int best = -1;
      for (int s = 0; s < sizes.length; s++) {
        if (room[s] > 0 && (best < 0 || remainders[s] > remainders[best])) {
          best = s;
        }
      }
      if (best < 0) {
        break;
      }
      shares[best]++;
      room[best]--;
      wanted--;
      remainders[best] -= 1;
    }
    return shares;
  }

  private static Split draw(
      Examples examples, int[] rows, int[] validation, int[] test, long seed) {
    int[] order = rows.clone();
    Draws.shuffle(order, seed, Draws.Purpose.SPLIT, 0);
    int[] validationRows = new int[Arrays.stream(validation).sum()];
    int[] testRows = new int[Arrays.stream(test).sum()];
    int[] trainingRows = new int[rows.length - validationRows.length - testRows.length];
    int v = 0;
    int t = 0;
    int n = 0;
    for (int row : order) {
      int stratum = examples.stratum(row) + 1;
      if (validation[stratum] > 0) {
        validation[stratum]--;
        validationRows[v++] = row;
      } else if (test[stratum] > 0) {
        test[stratum]--;
        testRows[t++] = row;
      } else {
        trainingRows[n++] = row;
      }
    }
    Arrays.sort(trainingRows);
    Arrays.sort(validationRows);
    Arrays.sort(testRows);
    return new Split(trainingRows, validationRows, testRows);
  }
}
