package dev.backprop.engine.linalg;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Threads that share the pieces of a computation with the thread that asks for it.
///
/// Each thread has a range of the pieces, the same whenever there are as many: what it wrote last
/// time is then mostly still in its core's caches. When it is done with its own, it helps the
/// others. Who takes a piece is left to chance all the same. So pieces must not depend on each
/// other, nor on how many threads there are: then neither does the result. One computation at a
/// time: whoever finds the team at work does all of its pieces alone. Between computations the
/// helpers spin for some microseconds, so that the steps of a training meet without waiting for the
/// operating system, and then park.
public final class Team implements AutoCloseable {

  /// Nobody but the caller.
  public static final Team ALONE = new Team(1);

  static final int MAX_PIECES = (1 << 20) - 1;

  private static final int SPINS = 4_000;
  private static final int PIECE_BITS = 20;

  /// Longs from one number to the next: two cache lines, as processors fetch lines in pairs.
  private static final int STRIDE = 16;

  private final Helper[] helpers;
  private final AtomicBoolean busy = new AtomicBoolean();

  /// Of every thread, the pieces of its range that are still to be taken. Its first 24 bits tell
  /// one computation from the next; then come the end of the range and the next piece. In one
  /// number, so that who comes late can't take a piece of the wrong computation. Then the pieces
  /// that are not done. Each in a cache line of its own, lest threads that do not touch the same
  /// number wait for each other.
  private final AtomicLongArray shared;

  /// Written before the pieces are offered and read after one has been taken.
  private @Nullable IntConsumer work;

  private volatile @Nullable Thread waiting;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /// @param threads at least 1, the caller's included
  public Team(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a team has at least 1 thread, not " + threads);
    }
    helpers = new Helper[threads - 1];
    shared = new AtomicLongArray((threads + 2) * STRIDE);
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(i + 1);
      helpers[i].thread.start();
    }
  }

  /// Threads, the caller's included.
  public int threads() {
    return helpers.length + 1;
  }

  /// Whether there are helpers who would share a computation that began now.
  public boolean isIdle() {
    return helpers.length > 0 && !busy.get();
  }

  /// Does pieces 0 … pieces - 1, and returns when all are done.
  ///
  /// @param piece what a piece does; runs on several threads at once. What it throws is thrown
  ///   here, when all pieces are done
  public void run(int pieces, IntConsumer piece) {
    if (pieces < 2
        || pieces > MAX_PIECES
        || helpers.length == 0
        || !busy.compareAndSet(false, true)) {
      for (int i = 0; i < pieces; i++) {
        piece.accept(i);
      }
      return;
    }
    Throwable thrown;
    try {
      share(pieces, piece);
    } finally {
      // From then on, the next caller's.
      thrown = failure;
      failure = null;
      work = null;
      busy.set(false);
    }
    if (thrown != null) {
      if (thrown instanceof Error e) {
        throw e;
      }
      throw thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
    }
  }

  private void share(int pieces, IntConsumer piece) {
    work = piece;
    shared.set(unfinished(), pieces);
    long computation = (shared.get(claims(0)) >>> (2 * PIECE_BITS)) + 1;
    int threads = threads();
    for (int member = threads - 1; member >= 0; member--) {
      shared.set(
          claims(member),
          (computation << (2 * PIECE_BITS))
              | (start(member + 1, threads, pieces) << PIECE_BITS)
              | start(member, threads, pieces));
    }
    for (Helper helper : helpers) {
      helper.wake();
    }
    takePieces(0);
    for (int spins = 0; shared.get(unfinished()) > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        waiting = Thread.currentThread();
        if (shared.get(unfinished()) > 0) {
          LockSupport.park(this);
        }
        waiting = null;
      }
    }
  }

  /// The begin of a thread's range; the one before ends there. The caller's, who is awake, is never
  /// empty.
  private static long start(int member, int threads, int pieces) {
    return Math.ceilDiv((long) member * pieces, threads);
  }

  private static int claims(int member) {
    return (member + 1) * STRIDE;
  }

  private int unfinished() {
    return (threads() + 1) * STRIDE;
  }

  /// Does pieces until none is left to take, beginning with those of a thread's own range.
  private void takePieces(int member) {
    int done = 0;
    int threads = threads();
    for (int i = 0; i < threads; i++) {
      int range = claims((member + i) % threads);
      boolean own = i == 0;
      for (long claim = shared.get(range); isOffered(claim); claim = shared.get(range)) {
        // From others' ranges the last piece, which they would come to last.
        if (shared.compareAndSet(range, claim, own ? claim + 1 : claim - (1L << PIECE_BITS))) {
          doPiece(own ? next(claim) : end(claim) - 1);
          done++;
        }
      }
    }
    if (done > 0 && shared.addAndGet(unfinished(), -done) == 0) {
      LockSupport.unpark(waiting);
    }
  }

  private static boolean isOffered(long claim) {
    return next(claim) < end(claim);
  }

  private static int next(long claim) {
    return (int) claim & MAX_PIECES;
  }

  private static int end(long claim) {
    return (int) (claim >>> PIECE_BITS) & MAX_PIECES;
  }

  private void doPiece(int index) {
    try {
      IntConsumer piece = work;
      if (piece != null) {
        piece.accept(index);
      }
    } catch (Throwable t) {
      failure = t;
    }
  }

  /// Lets the helpers go; the team is then its caller alone.
  @Override
  public void close() {
    closed = true;
    for (Helper helper : helpers) {
      LockSupport.unpark(helper.thread);
    }
  }

  private final class Helper {

    private final int member;
    private final Thread thread;
    private volatile boolean parked;

    Helper(int number) {
      member = number;
      thread =
          Thread.ofPlatform().name("backprop-compute-" + number).daemon().unstarted(this::work);
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    private void work() {
      int spins = 0;
      while (!closed) {
        if (isOffered(shared.get(claims(member)))) {
          takePieces(member);
          spins = 0;
        } else if (spins < SPINS) {
          spins++;
          Thread.onSpinWait();
        } else {
          parked = true;
          if (!isOffered(shared.get(claims(member))) && !closed) {
            LockSupport.park(Team.this);
          }
          parked = false;
          spins = 0;
        }
      }
    }
  }
}
