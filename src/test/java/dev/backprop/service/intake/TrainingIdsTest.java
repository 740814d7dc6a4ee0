package dev.backprop.service.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TrainingIdsTest {

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final TrainingIds ids = new TrainingIds(now::get);

  @Test
  void sortsInTheOrderOfMakingEvenWhenTheClockStandsStillOrGoesBack() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      made.add(ids.next());
    }
    now.set(Instant.parse("2025-12-31T00:00:00Z"));
    made.add(ids.next());
    now.set(Instant.parse("2026-01-02T00:00:00Z"));
    made.add(ids.next());

    assertThat(made).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void makesUuidsOfVersion7ThatCarryTheTime() {
    UUID id = UUID.fromString(ids.next());

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16)).isEqualTo(now.get());
  }

  @Test
  void drawsSixtyTwoRandomBits() {
    long seen = 0;
    for (int i = 0; i < 100; i++) {
      seen |= UUID.fromString(ids.next()).getLeastSignificantBits();
    }
    assertThat(seen).isEqualTo(0xBFFF_FFFF_FFFF_FFFFL);
  }
}
