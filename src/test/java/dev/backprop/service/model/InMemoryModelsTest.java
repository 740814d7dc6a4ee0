package dev.backprop.service.model;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelFixtures;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.Models.Reservation;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class InMemoryModelsTest extends ModelsContract {

  private static final ModelDraft DRAFT = ModelFixtures.bare();

  private final Models models = create(100_000, InstantSource.fixed(ModelFixtures.START), 0);

  @Override
  Models create(long maxBytes, InstantSource clock, int keepVersions) {
    return Models.inMemory(maxBytes, clock, keepVersions);
  }

  private void add(String name) {
    add(models, models.reserve(1_000), name, DRAFT, true);
  }

  @Test
  void refusesWhatDoesNotFitAndNamesBothNumbers() {
    Reservation large = models.reserve(60_000);

    assertThat(assertProblem(ProblemCode.REPOSITORY_FULL, () -> models.reserve(60_000)))
        .hasMessageContaining("60,256")
        .hasMessageContaining("39,744")
        .hasMessageContaining("100,000");

    large.release();
    large.release();
    models.reserve(60_000);
  }

  @Test
  void givesTheRoomOfDeletedVersionsBack() {
    add(models, models.reserve(90_000), "a", DRAFT, true);
    assertThatThrownBy(() -> models.reserve(20_000)).isInstanceOf(ProblemException.class);

    models.delete("a", ANYBODY);

    models.reserve(20_000);
  }

  @Test
  void chargesForTheNamesThatDeletedModelsLeaveBehind() {
    add("a");
    add("a");
    long held = models.usage().bytes();
    models.delete("a", ANYBODY);
    long left = models.usage().bytes();

    assertThat(held).isEqualTo(2_000 + left);
    assertThat(left).isPositive();
    add("a");
    models.delete("a", ANYBODY);
    assertThat(models.usage().bytes()).isEqualTo(left);
  }
}
