package dev.backprop.service.job;

import dev.backprop.engine.plan.SpareMemory;
import dev.backprop.platform.limits.Budget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lends trainings what the budget of all trainings has left, beyond what they were promised. A
/// training that begins later and needs it gets it back at once, so that loans hold nobody up.
final class Loans implements SpareMemory {

  private final Budget memory;
  private final List<Lent> loans = new ArrayList<>(); // guarded by this

  /// @param memory of all trainings
  Loans(Budget memory) {
    this.memory = memory;
    memory.makesRoom(this::callBack);
  }

  @Override
  public @Nullable Loan lend(long bytes, Runnable callBack) {
    Budget.Claim claim = memory.claim();
    if (!claim.tryGrow(bytes)) {
      return null;
    }
    Lent loan = new Lent(claim, callBack);
    synchronized (this) {
      loans.add(loan);
    }
    if (memory.waiting() > 0) {
      // Whoever came just now has not seen the loan.
      loan.close();
      return null;
    }
    return loan;
  }

  private final class Lent implements Loan {

    private final Budget.Claim claim;
    private final Runnable callBack;

    Lent(Budget.Claim claim, Runnable callBack) {
      this.claim = claim;
      this.callBack = callBack;
    }

    @Override
    public void close() {
      synchronized (Loans.this) {
        loans.remove(this);
      }
      claim.close();
    }
  }

  /// Calls loans back, the latest first, if those that there are are enough.
  private boolean callBack(long bytes) {
    List<Lent> calledBack = new ArrayList<>();
    synchronized (this) {
      if (loans.stream().mapToLong(loan -> loan.claim.bytes()).sum() < bytes) {
        return false;
      }
      long left = bytes;
      while (left > 0) {
        Lent loan = loans.removeLast();
        left -= loan.claim.bytes();
        calledBack.add(loan);
      }
    }
    for (Lent loan : calledBack) {
      loan.callBack.run();
      loan.claim.close();
    }
    return true;
  }
}
