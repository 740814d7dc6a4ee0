package dev.backprop.engine.data;

/// Adds up the bytes of what is being built and tells the budget in coarse steps.
final class Meter {

  private static final long STEP = 1 << 16;

  private final ByteBudget budget;
  private long bytes;
  private long told;

  Meter(ByteBudget budget) {
    this.budget = budget;
  }

  void add(long delta) {
    bytes += delta;
    if (bytes - told >= STEP) {
      tell();
    }
  }

  void tell() {
    if (bytes != told) {
      told = bytes;
      budget.holds(bytes);
    }
  }
}
