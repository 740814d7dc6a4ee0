package dev.backprop.platform.storage;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Does several things as one: a database keeps all of them or none.
public interface UnitOfWork {

  /// As [#DIRECT], but one unit after the other.
  static UnitOfWork inTurns() {
    ReentrantLock turns = new ReentrantLock();
    return new UnitOfWork() {

      @Override
      public <T extends @Nullable Object> T perform(Supplier<T> work) {
        turns.lock();
        try {
          return work.get();
        } finally {
          turns.unlock();
        }
      }

      @Override
      public void afterwards(Runnable then) {
        then.run();
      }
    };
  }

  /// Does each thing as it comes. This is the unit of what is kept in memory: the step that may be
  /// refused must come first, and those after it must not fail.
  UnitOfWork DIRECT =
      new UnitOfWork() {

        @Override
        public <T extends @Nullable Object> T perform(Supplier<T> work) {
          return work.get();
        }

        @Override
        public void afterwards(Runnable then) {
          then.run();
        }
      };

  /// Performs the work as one unit, or as a part of the unit that the calling thread is in. A
  /// database may perform it more than once, because another transaction came between, and on
  /// another thread. So the work must change nothing but what is kept, and must wait for nobody.
  <T extends @Nullable Object> T perform(Supplier<T> work);

  /// As above, without an answer.
  default void perform(Runnable work) {
    perform(
        () -> {
          work.run();
          return true;
        });
  }

  /// Waits until no other unit of work that has called this with the same text is under way, in any
  /// process. From then on the unit sees what those have kept. Nothing to wait for if units take
  /// turns anyway.
  default void takeTurn(String of) {}

  /// Runs something as soon as the unit that is under way has been kept, or at once if none is
  /// under way. It does not run if the unit fails. A fault of it is logged and changes nothing.
  void afterwards(Runnable then);
}
