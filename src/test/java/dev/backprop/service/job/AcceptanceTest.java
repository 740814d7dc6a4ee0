package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.plan.RowCounts;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.service.intake.Acceptance;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AcceptanceTest {

  private static Acceptance folds(SplitSpec split) {
    Acceptance some = Jobs.acceptance("a", "model", 1, 4, 1);
    return new Acceptance(
        some.id(),
        some.model(),
        null,
        null,
        null,
        some.preset(),
        some.createdAt(),
        null,
        null,
        new RowCounts(1_000, 0, 0),
        some.epochs(),
        1,
        7,
        1,
        some.target(),
        SpecView.of(some.spec().fit(), split),
        some.warnings());
  }

  @Test
  void aFoldHasTheRowsOfTheOthers() {
    Acceptance grouped = folds(new SplitSpec.Group("g"));
    assertThat(IntStream.rangeClosed(1, 4).map(grouped::trainingRowsOf))
        .containsExactly(750, 750, 750, 750);
    assertThat(grouped.foldShare()).isEqualTo(0.75);
  }

  @Test
  void aFoldInOrderHasTheRowsBeforeIt() {
    Acceptance ordered = folds(new SplitSpec.Order("t"));
    assertThat(IntStream.rangeClosed(1, 4).map(ordered::trainingRowsOf))
        .containsExactly(200, 400, 600, 800);
    assertThat(ordered.foldShare()).isEqualTo(0.5);
  }
}
