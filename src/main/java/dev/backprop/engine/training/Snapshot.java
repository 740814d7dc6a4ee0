package dev.backprop.engine.training;

import dev.backprop.engine.optim.State;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// A copy of the state of a fit between two steps. A fit can be put back into it, once.
///
/// @param history of the epochs that have ended
/// @param numbers those that stand alone, in the order of the exchange; doubles by their bits
/// @param arrays likewise
@SuppressWarnings("ArrayRecordComponent") // held, never compared
public record Snapshot(List<EpochReport> history, long[] numbers, List<float[]> arrays)
    implements Serializable {

  public Snapshot {
    history = List.copyOf(history);
    arrays = new ArrayList<>(arrays);
  }

  /// @param owner shows its state
  static Snapshot of(List<EpochReport> history, Consumer<State> owner) {
    Taking taking = new Taking();
    owner.accept(taking);
    return new Snapshot(history, taking.numbers(), taking.arrays);
  }

  /// The same, which can be put back apart from this one. They share the arrays.
  public Snapshot copy() {
    return new Snapshot(history, numbers, arrays);
  }

  /// Lets go of every array as soon as it has been copied, since whoever goes on from a snapshot
  /// holds it as long as it runs.
  ///
  /// @param owner of the same kind, which gets the state
  /// @throws InvalidCheckpointException if it is another kind's state, or out of its ranges; the
  ///   owner then has a part of it
  public void restore(Consumer<State> owner) {
    Giving giving = new Giving();
    owner.accept(giving);
    giving.end();
  }

  private static final float[] NOTHING = {};

  private static final class Taking implements State {

    private final List<float[]> arrays = new ArrayList<>();
    private long[] numbers = new long[16];
    private int count;

    @Override
    public void floats(float[] values) {
      arrays.add(values.clone());
    }

    @Override
    public long integer(long value, long min, long max) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = value;
      return value;
    }

    @Override
    public double number(double value) {
      integer(Double.doubleToRawLongBits(value), Long.MIN_VALUE, Long.MAX_VALUE);
      return value;
    }

    long[] numbers() {
      return Arrays.copyOf(numbers, count);
    }
  }

  private final class Giving implements State {

    private int nextArray;
    private int nextNumber;

    @Override
    public void floats(float[] values) {
      float[] stored = nextArray < arrays.size() ? arrays.get(nextArray) : new float[0];
      if (stored.length != values.length) {
        throw new InvalidCheckpointException(
            "must have %d elements in array %d, has %d"
                .formatted(values.length, nextArray, stored.length));
      }
      System.arraycopy(stored, 0, values, 0, values.length);
      arrays.set(nextArray++, NOTHING);
    }

    @Override
    public long integer(long value, long min, long max) {
      if (nextNumber == numbers.length) {
        throw new InvalidCheckpointException(
            "must have more than %d numbers".formatted(numbers.length));
      }
      long stored = numbers[nextNumber];
      if (stored < min || stored > max) {
        throw new InvalidCheckpointException(
            "must have from %d to %d as number %d, has %d".formatted(min, max, nextNumber, stored));
      }
      nextNumber++;
      return stored;
    }

    @Override
    public double number(double value) {
      return Double.longBitsToDouble(integer(0, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    void end() {
      if (nextArray < arrays.size() || nextNumber < numbers.length) {
        throw new InvalidCheckpointException(
            "must have %d arrays and %d numbers, has %d and %d"
                .formatted(nextArray, nextNumber, arrays.size(), numbers.length));
      }
    }
  }
}
