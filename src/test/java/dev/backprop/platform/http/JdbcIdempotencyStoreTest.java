package dev.backprop.platform.http;

import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Idempotency keys in a database, as several processes share it.
@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcIdempotencyStoreTest extends IdempotencyStoreContract {

  private final JdbcDatabase database;

  JdbcIdempotencyStoreTest(JdbcDatabase.Kind kind) {
    this.database = Databases.empty(kind);
  }

  @Override
  protected final IdempotencyStore keys() {
    return process(database);
  }

  @Override
  protected final void accepting(Runnable together) {
    database.change(_ -> together.run());
  }

  private JdbcIdempotencyStore process(JdbcDatabase database) {
    return new JdbcIdempotencyStore(database, new HttpProperties.Idempotency(DAY, 3), clock);
  }

  @Test
  void aCallerForgetsItsOwnOldestOnly() {
    JdbcIdempotencyStore keys = process(database);
    accept(keys, "one a", "");
    accept(keys, "first", "");
    for (int i = 0; i < 5; i++) {
      clock.step(Duration.ofSeconds(1));
      accept(keys, "other " + i, "");
    }

    keys.forgetOld();

    assertThat(answer(keys, "one a")).isEmpty();
    assertThat(answer(keys, "first")).isEmpty();
    assertThat(keys.begin("other 1")).isNull();
    assertThat(answer(keys, "other 2")).isEmpty();
  }

  @Test
  void allCallersTogetherForgetTheOldest() {
    JdbcIdempotencyStore keys = process(database);
    for (int i = 0; i < 31; i++) {
      clock.step(Duration.ofSeconds(1));
      accept(keys, "caller-%d a".formatted(i), "");
    }

    keys.forgetOld();

    assertThat(keys.begin("caller-0 a")).isNull();
    assertThat(answer(keys, "caller-1 a")).isEmpty();
  }

  @Test
  void othersAnswerWithWhatOneHasAnswered() {
    accept(process(database), "a", "answer");

    assertThat(answer(process(database), "a")).isEqualTo("answer");
  }

  @Test
  void aKeyIsFreeAgainWhenItsProcessHasDied() {
    JdbcIdempotencyStore one = process(database);
    JdbcIdempotencyStore other = process(database);
    assertThat(one.begin("a")).isNull();
    clock.step(Duration.ofSeconds(50));
    one.renew();
    clock.step(Duration.ofSeconds(50));
    assertThatThrownBy(() -> other.begin("a")).isInstanceOf(ProblemException.class);

    clock.step(Duration.ofSeconds(50));

    assertThat(other.begin("a")).isNull();
    one.end("a", null);
    other.end("a", remembered("late"));
    assertThat(answer(one, "a")).isEqualTo("late");
  }

  @Test
  void aKeyIsFreeAgainWhenItsProcessHasDiedAndTheClockWasSetBack() {
    JdbcIdempotencyStore dead = process(database);
    JdbcIdempotencyStore one = process(database);
    assertThat(dead.begin("a")).isNull();
    accept(one, "b", "answer");
    assertThat(one.begin("c")).isNull();

    clock.step(Duration.ofHours(1).negated());
    one.renew();
    clock.step(Duration.ofSeconds(50));
    one.renew();
    clock.step(Duration.ofSeconds(50));

    assertThat(one.begin("a")).isNull();
    assertThat(answer(one, "b")).isEqualTo("answer");
    assertThatThrownBy(() -> one.begin("c")).isInstanceOf(ProblemException.class);
  }

  @Test
  void aKeyIsFreeAgainWhoseTakingNobodyHeardOf() {
    JdbcIdempotencyStore one = process(database);
    assertThat(one.begin("a")).isNull();
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    INSERT INTO idempotency_keys (id, process, taken_until)
                    SELECT 'lost', process, taken_until FROM idempotency_keys WHERE id = 'a'""")
                .update());
    clock.step(Duration.ofSeconds(50));
    one.renew();
    clock.step(Duration.ofSeconds(50));

    assertThatThrownBy(() -> one.begin("a")).isInstanceOf(ProblemException.class);
    assertThat(one.begin("lost")).isNull();
  }

  @Test
  void forgetsTheOldOnesAndTheOldest() {
    JdbcIdempotencyStore keys = process(database);
    accept(keys, "old", "");
    clock.step(DAY);
    for (String key : new String[] {"a", "b", "c", "d"}) {
      clock.step(Duration.ofSeconds(1));
      accept(keys, key, "");
    }
    assertThat(keys.begin("being answered")).isNull();

    keys.forgetOld();

    assertThat(keys.begin("old")).isNull();
    assertThat(keys.begin("a")).isNull();
    assertThat(answer(keys, "b")).isEmpty();
    assertThat(answer(keys, "d")).isEmpty();
    assertThatThrownBy(() -> keys.begin("being answered")).isInstanceOf(ProblemException.class);
  }

  @Test
  void othersAnswerWithWhatADeadProcessHasAccepted() {
    JdbcIdempotencyStore dead = process(database);
    assertThat(dead.begin("a")).isNull();
    accepting(() -> dead.accept("a", remembered("accepted")));

    JdbcIdempotencyStore other = process(database);

    assertThat(answer(other, "a")).isEqualTo("accepted");
    clock.step(Duration.ofHours(1));
    other.forgetOld();
    assertThat(answer(other, "a")).isEqualTo("accepted");
  }

  @Test
  void whatIsNotAcceptedAfterAllIsNotAnswered() {
    JdbcIdempotencyStore one = process(database);
    JdbcIdempotencyStore other = process(database);
    assertThat(one.begin("a")).isNull();

    assertThatThrownBy(
            () ->
                accepting(
                    () -> {
                      one.accept("a", remembered("never accepted"));
                      throw new IllegalStateException("planted");
                    }))
        .hasMessage("planted");

    assertInUse(() -> other.begin("a"));
    one.end("a", null);
    assertThat(other.begin("a")).isNull();
  }

  @Test
  void nothingIsAcceptedUnderAKeyThatAnotherHasByNow() {
    JdbcIdempotencyStore silent = process(database);
    JdbcIdempotencyStore other = process(database);
    assertThat(silent.begin("a")).isNull();
    clock.step(Duration.ofMinutes(2));
    assertThat(other.begin("a")).isNull();

    assertInUse(() -> accepting(() -> silent.accept("a", remembered("late"))));
    accepting(() -> other.accept("a", remembered("accepted")));
    assertInUse(() -> accepting(() -> silent.accept("a", remembered("late"))));

    silent.end("a", null);
    assertThat(answer(silent, "a")).isEqualTo("accepted");
  }

  @Test
  void twoRequestsToOneProcessAreNotBothAccepted() {
    JdbcIdempotencyStore keys = process(database);
    assertThat(keys.begin("a")).isNull();
    clock.step(Duration.ofMinutes(2));
    assertThat(keys.begin("a")).isNull();
    accepting(() -> keys.accept("a", remembered("first")));

    assertInUse(() -> accepting(() -> keys.accept("a", remembered("second"))));

    assertThat(answer(keys, "a")).isEqualTo("first");
  }

  private static void assertInUse(ThrowingCallable call) {
    assertProblem(ProblemCode.IDEMPOTENCY_KEY_IN_USE, call);
  }
}
