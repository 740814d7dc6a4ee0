package dev.backprop.service.model;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.artifact.Artifacts;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelFixtures;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.Databases.Breakable;
import java.time.InstantSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What goes on while the database cannot be reached, and what does not.
class ModelsOutageTest {

  private static final InstantSource CLOCK = InstantSource.fixed(ModelFixtures.START);
  private static final ModelDraft DRAFT = ModelFixtures.bare();

  private static Models process(Breakable database) {
    return new Models(
        new JdbcModelStore(
            database.database(),
            Databases.blobs(database.database(), CLOCK),
            Artifacts.JSON,
            Artifacts.CODEC),
        database.database(),
        CLOCK,
        1_000_000,
        0);
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThat(assertProblem(ProblemCode.STORAGE_UNAVAILABLE, call).retryAfter()).isNotNull();
  }

  @Test
  void liveModelsAnswerWithoutTheirDatabase() {
    try (Breakable database = Databases.breakable()) {
      Models models = process(database);
      ModelsContract.add(models, models.reserve(1_000), "a", DRAFT, true);
      ModelVersion second = ModelsContract.add(models, models.reserve(1_000), "a", DRAFT, true);
      Models other = process(database);
      assertThat(other.live("a", 2)).isPresent();

      database.breakNow();

      assertThat(new ModelLookup(models).current("a", ANYBODY)).isSameAs(second);
      assertThat(new ModelLookup(other).current("a", ANYBODY).version()).isEqualTo(2);
      assertThat(models.list(ANYBODY, new Listing(null, null, null, 10)).items()).hasSize(1);
      assertUnavailable(() -> other.live("a", 1));
      assertUnavailable(() -> models.find("unknown"));
      assertUnavailable(() -> models.activate("a", 1));
      assertUnavailable(() -> models.delete("a", ANYBODY));
      assertUnavailable(() -> ModelsContract.add(models, models.reserve(1_000), "a", DRAFT, true));
      assertUnavailable(models::refresh);
      assertThat(models.find("a").flatMap(Model::current)).contains(second.head());
    }
  }
}
