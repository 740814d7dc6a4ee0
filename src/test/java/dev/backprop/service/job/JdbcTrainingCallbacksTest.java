package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.service.webhook.Callback;
import dev.backprop.service.webhook.Callback.State;
import dev.backprop.service.webhook.CallbackStore;
import dev.backprop.service.webhook.CallbacksOfAProcess;
import dev.backprop.service.webhook.Receiver;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcTrainingCallbacksTest extends CallbackStoreContract {

  private final Replica one;
  private final CallbackStore callbacks;
  private final CallbacksOfAProcess first;
  private final CallbacksOfAProcess second;

  JdbcTrainingCallbacksTest(JdbcDatabase.Kind kind) {
    one = new Replica(Databases.empty(kind));
    callbacks = new JdbcTrainingCallbacks(one.database);
    first = new CallbacksOfAProcess(callbacks, clock);
    second = new CallbacksOfAProcess(new JdbcTrainingCallbacks(one.database), clock);
  }

  @AfterEach
  void stop() throws InterruptedException {
    one.stop();
  }

  @Override
  Harness process() {
    return one.process;
  }

  @Override
  CallbackStore callbacks() {
    return callbacks;
  }

  /// The process that ended the training makes no try.
  @Test
  void anotherProcessTellsOfATraining() throws InterruptedException {
    accept("a", receiver.url("/"));
    succeed("a");

    second.deliver();

    assertThat(receiver.all()).hasSize(1);
    assertThat(shown("a").state()).isEqualTo(State.DELIVERED);
  }

  @Test
  void ofTwoProcessesOneTells() throws InterruptedException {
    for (String id : new String[] {"a", "b", "c"}) {
      accept(id, receiver.url("/" + id));
      succeed(id);
    }

    Thread other = Thread.ofVirtual().start(second::begin);
    first.begin();
    other.join();
    first.deliver();
    second.deliver();

    assertThat(receiver.all())
        .extracting(Receiver.Call::path)
        .containsExactlyInAnyOrder("/a", "/b", "/c");
  }

  /// It counts, because it may have arrived.
  @Test
  void aTryThatDiedWithItsProcessIsMadeAgain() throws InterruptedException {
    CountDownLatch dead = new CountDownLatch(1);
    receiver.answers(
        exchange -> {
          try {
            dead.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    accept("a", receiver.url("/"));
    succeed("a");
    first.begin();
    receiver.take();
    first.stop(Duration.ZERO);
    dead.countDown();

    clock.step(Duration.ofSeconds(19));
    second.deliver();
    assertThat(receiver.all()).hasSize(1);
    clock.step(Duration.ofSeconds(1));
    second.deliver();

    assertThat(receiver.all()).hasSize(2);
    assertThat(shown("a"))
        .isEqualTo(new Callback(receiver.url("/"), State.DELIVERED, 2, 204, clock.instant()));
  }

  @Test
  void isGivenUpIfTheLastTryDiedToo() throws InterruptedException {
    accept("a", receiver.url("/"));
    succeed("a");
    Stream.of(1, 2, 3)
        .forEach(_ -> callbacks.claim(callbacks.due(NOW, HORIZON, 1).getFirst(), NOW));

    second.deliver();

    assertThat(receiver.all()).isEmpty();
    assertThat(shown("a")).isEqualTo(new Callback(receiver.url("/"), State.FAILED, 3, null, NOW));
    assertThat(second.heard()).containsExactly(State.FAILED);
  }

  /// A process of a former version that cancels it knows of no callback.
  @Test
  void whoeverEndsATrainingNeedNotKnowOfItsCallback() throws InterruptedException {
    accept("a", receiver.url("/"));
    one.database.change(
        jdbc ->
            jdbc.sql(
                    """
                    UPDATE trainings SET state = 'cancelled', finished_at = 1,
                      ending = '{"error": {"type": "about:blank", "title": "t", "status": 409, "code": "cancelled"}}'
                    WHERE id = 'a'""")
                .update());

    first.deliver();

    assertThat(receiver.all()).hasSize(1);
  }
}
