package dev.backprop.service.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelFixtures;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A database that keeps one waiting does not keep others waiting. Only PostgreSQL can be locked
/// so.
class ModelsUnderLockTest {

  /// The weights are kept from being read while somebody asks for another model.
  @Test
  void nobodyWaitsForAnotherModelToBeLoaded() throws Exception {
    JdbcDatabase database = Databases.postgresql();
    InstantSource clock = InstantSource.fixed(ModelFixtures.START);
    Models one = JdbcModelsTest.process(database, 100_000, clock, 0);
    Models other = JdbcModelsTest.process(database, 100_000, clock, 0);
    ModelDraft draft = ModelFixtures.bare();
    ModelsContract.add(one, one.reserve(1_000), "a", draft, true);
    assertThat(other.live("a", 1)).isPresent();
    ModelsContract.add(one, one.reserve(1_000), "a", draft, true);
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Future<?> lock =
          pool.submit(
              () ->
                  database.change(
                      jdbc -> {
                        jdbc.sql("LOCK TABLE blob_chunks").update();
                        locked.countDown();
                        await(asked);
                      }));
      locked.await();
      Future<?> refresh = pool.submit(other::refresh);
      while (waiting(database) == 0) {
        assertThat(refresh.isDone()).isFalse();
      }

      assertThat(other.find("unknown")).isEmpty();
      boolean refreshed = refresh.isDone();
      asked.countDown();

      assertThat(refreshed).isFalse();
      refresh.get();
      lock.get();
    }
    assertThat(other.find("a").flatMap(Model::current).map(VersionHead::version)).contains(2);
  }

  private static int waiting(JdbcDatabase database) {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT count(*) FROM pg_locks WHERE NOT granted")
                .query(Integer.class)
                .single());
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody has asked");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
