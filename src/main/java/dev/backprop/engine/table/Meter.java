package dev.backprop.engine.table;

/// Adds up the bytes of what is being built and tells the budget in coarse steps.
public final class Meter {

  private static final long STEP = 1 << 16;

  private final ByteBudget budget;
  private long bytes;
  private long told;

  public Meter(ByteBudget budget) {
    this.budget = budget;
  }

  public void add(long delta) {
    bytes += delta;
    if (bytes - told >= STEP) {
      tell();
    }
  }

  public void tell() {
    if (bytes != told) {
      told = bytes;
      budget.holds(bytes);
    }
  }
}
