import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// How long a message takes from one core to another and back, and how fast a core reads and writes
/// what the other has left alone, read or written since. Started by `benchmarks/cores/run`.
final class Cores {

  private static final int MESSAGES = 2_000_000;
  private static final int ROUNDS = 20_000;

  private enum Other {
    REST,
    READ,
    WRITE
  }

  private Cores() {}

  public static void main(String[] args) throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.out.printf(Locale.ROOT, "a message and its answer: %.0f ns%n", roundTrip());
    }
    System.out.println("KB,the other,this core reads GB/s,this core writes GB/s");
    for (int kilobytes : new int[] {16, 64, 256}) {
      for (Other other : Other.values()) {
        exchange(kilobytes, other);
      }
    }
  }

  private static double roundTrip() throws InterruptedException {
    AtomicInteger turn = new AtomicInteger();
    Thread answering = Thread.ofPlatform().start(() -> take(turn, 1));
    long begun = System.nanoTime();
    take(turn, 0);
    answering.join();
    return (System.nanoTime() - begun) / (double) MESSAGES;
  }

  private static void take(AtomicInteger turn, int mine) {
    for (int i = 0; i < MESSAGES; i++) {
      while (turn.get() != mine) {
        Thread.onSpinWait();
      }
      turn.set(1 - mine);
    }
  }

  /// In turns: the other core does what it does to the whole array, then this one reads it or
  /// overwrites it. Measured in the second half of the rounds.
  private static void exchange(int kilobytes, Other other) throws InterruptedException {
    float[] shared = new float[kilobytes * 256];
    float[] mine = new float[shared.length];
    float[] theirs = new float[shared.length];
    AtomicInteger turn = new AtomicInteger();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < ROUNDS; i++) {
                    await(turn, 1);
                    switch (other) {
                      case REST -> {}
                      case READ -> System.arraycopy(shared, 0, theirs, 0, shared.length);
                      case WRITE -> Arrays.fill(shared, i);
                    }
                    turn.set(0);
                  }
                });
    long reading = 0;
    long writing = 0;
    for (int i = 0; i < ROUNDS; i++) {
      turn.set(1);
      await(turn, 0);
      long begun = System.nanoTime();
      if (i % 2 == 0) {
        System.arraycopy(shared, 0, mine, 0, shared.length);
        reading += i > ROUNDS / 2 ? System.nanoTime() - begun : 0;
      } else {
        Arrays.fill(shared, i);
        writing += i > ROUNDS / 2 ? System.nanoTime() - begun : 0;
      }
    }
    thread.join();
    double bytes = 4.0 * shared.length * ROUNDS / 4;
    System.out.printf(
        Locale.ROOT,
        "%d,%s,%.1f,%.1f%n",
        kilobytes,
        switch (other) {
          case REST -> "has left it alone";
          case READ -> "has read it";
          case WRITE -> "has written it";
        },
        bytes / reading,
        bytes / writing);
  }

  private static void await(AtomicInteger turn, int mine) {
    while (turn.get() != mine) {
      Thread.onSpinWait();
    }
  }
}
