package dev.backprop.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionsTest {

  private static final long KB = 1 << 10;
  private static final long MB = 1 << 20;
  private static final long GB = 1 << 30;

  private static int most(double heap, long headBytes) {
    return Connections.within((long) (heap * HeapShare.CONNECTIONS.share()), headBytes).max();
  }

  @Test
  void areAsManyAsTheHeapBears() {
    assertThat(most(512 * MB, 64 * KB)).isEqualTo(131);
    assertThat(most(1 * GB, 64 * KB)).isEqualTo(262);
    assertThat(most(512 * MB, 8 * KB)).isEqualTo(201);
    assertThat(most(32 * MB, 64 * KB)).as("a few in any case").isEqualTo(16);
    assertThat(most(64 * GB, 64 * KB)).as("not more than ever").isEqualTo(8192);
  }

  @Test
  void areNotAllForLong() {
    assertThat(new Connections(131).forLong()).isEqualTo(65);
    assertThat(new Connections(1).forLong()).isEqualTo(1);
  }
}
