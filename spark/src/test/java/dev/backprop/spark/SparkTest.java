package dev.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparkTest {

  @Test
  void aTaskRunsInThisJvm() {
    assertThat(Sessions.local().range(1000).filter("id % 3 = 0").count()).isEqualTo(334);
  }
}
