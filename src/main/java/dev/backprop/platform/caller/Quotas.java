package dev.backprop.platform.caller;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.UnitOfWork;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import org.springframework.stereotype.Component;

/// How many bytes each caller keeps, whatever it is that has them, and whether more may come.
@Component
public final class Quotas {

  private final UnitOfWork unit;
  private final List<ToLongFunction<String>> keepers = new CopyOnWriteArrayList<>();

  public Quotas(UnitOfWork unit) {
    this.unit = unit;
  }

  /// Counts more bytes from now on.
  ///
  /// @param bytesOf how many an owner has there, as the calling thread's unit of work sees it
  public void count(ToLongFunction<String> bytesOf) {
    keepers.add(bytesOf);
  }

  /// A first look, before a body is read: whoever has used up everything need not send it.
  ///
  /// @throws ProblemException 507 `quota-exceeded` if there is no byte left for the caller
  public void requireSomeRoom(Caller caller) {
    if (caller.id() != null && caller.limits().storedBytes() != null) {
      requireRoom(caller.id(), caller.limits().storedBytes(), 0);
    }
  }

  /// Must be the first thing in the unit of work that keeps something for the caller. Those units
  /// take turns, in all processes, so that two of them never take the same room.
  ///
  /// @param more bytes that are about to be kept
  /// @throws ProblemException 507 `quota-exceeded` with all numbers if they are too many, or if
  ///   there is no byte left
  public void requireRoom(Caller caller, long more) {
    String id = caller.id();
    Long most = caller.limits().storedBytes();
    if (id != null && most != null) {
      unit.takeTurn("bytes of " + id);
      requireRoom(id, most, more);
    }
  }

  private void requireRoom(String id, long most, long more) {
    long kept = keepers.stream().mapToLong(keeper -> keeper.applyAsLong(id)).sum();
    if (kept >= most || more > most - kept) {
      throw new ProblemException(
          ProblemCode.QUOTA_EXCEEDED,
          "the caller's data sets and models have %d of at most %d bytes, %d more do not fit; delete some"
              .formatted(kept, most, Math.max(1, more)));
    }
  }
}
