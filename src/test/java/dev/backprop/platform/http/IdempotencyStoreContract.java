package dev.backprop.platform.http;

import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.SteppedClock;
import dev.backprop.platform.http.IdempotencyStore.Remembered;
import dev.backprop.platform.problem.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every memory of answers does.
public abstract class IdempotencyStoreContract {

  protected static final Duration DAY = Duration.ofHours(24);

  protected final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T12:00:00Z"));

  /// An empty one, for a day.
  protected abstract IdempotencyStore keys();

  /// Accepts something, in a transaction if there are some.
  protected abstract void accepting(Runnable together);

  @Test
  void answersTheSameKeyAgainForADay() {
    IdempotencyStore keys = keys();
    Remembered first = accept(keys, "a", "answer");

    clock.step(DAY.minusMillis(1));
    for (int i = 0; i < 2; i++) {
      assertThat(keys.begin("a"))
          .usingRecursiveComparison()
          .withStrictTypeChecking()
          .isEqualTo(first);
    }

    clock.step(Duration.ofMillis(1));
    assertThat(keys.begin("a")).isNull();
  }

  @Test
  void refusesATwinWhileTheFirstIsBeingAnswered() {
    IdempotencyStore keys = keys();

    assertThat(keys.begin("a")).isNull();
    assertThat(keys.begin("b")).isNull();
    assertProblem(ProblemCode.IDEMPOTENCY_KEY_IN_USE, () -> keys.begin("a"));
  }

  @Test
  void forgetsARequestThatWasRefused() {
    IdempotencyStore keys = keys();

    assertThat(keys.begin("a")).isNull();
    keys.end("a", null);
    assertThat(keys.begin("a")).isNull();
  }

  @Test
  void answersWhatHasBeenAcceptedThoughItsRequestHasNotEnded() {
    IdempotencyStore keys = keys();
    assertThat(keys.begin("a")).isNull();

    accepting(() -> keys.accept("a", remembered("early")));

    assertThat(answer(keys, "a")).isEqualTo("early");
    keys.end("a", null);
    assertThat(answer(keys, "a")).isEqualTo("early");
  }

  @Test
  void answersWithWhatWasAnsweredInTheEnd() {
    IdempotencyStore keys = keys();
    assertThat(keys.begin("a")).isNull();
    accepting(() -> keys.accept("a", remembered("early")));

    keys.end("a", remembered("in the end"));

    assertThat(answer(keys, "a")).isEqualTo("in the end");
  }

  @Test
  void aKeyBelongsToItsCaller() {
    IdempotencyStore keys = keys();
    String ofOne = CallersKey.of(() -> "one", "a");
    String ofOther = CallersKey.of(() -> "the other", "a");
    accept(keys, ofOne, "of one");
    accept(keys, ofOther, "of the other");
    accept(keys, CallersKey.of(() -> "", "a"), "of nobody");

    assertThat(answer(keys, ofOne)).isEqualTo("of one");
    assertThat(answer(keys, ofOther)).isEqualTo("of the other");
    assertThat(answer(keys, CallersKey.of(null, "a"))).isEqualTo("of nobody");
    assertThat(CallersKey.caller(ofOther)).isEqualTo("the other");
    assertThat(CallersKey.caller("a")).isEmpty();
  }

  protected final Remembered accept(IdempotencyStore keys, String key, String body) {
    assertThat(keys.begin(key)).isNull();
    Remembered answer = remembered(body);
    keys.end(key, answer);
    return answer;
  }

  protected final Remembered remembered(String body) {
    return remembered(body, clock);
  }

  static Remembered remembered(String body, InstantSource clock) {
    return new Remembered(
        "print", 201, "text/plain", null, body.getBytes(StandardCharsets.UTF_8), clock.instant());
  }

  protected static String answer(IdempotencyStore keys, String key) {
    @Nullable Remembered before = keys.begin(key);
    if (before == null) {
      throw new AssertionError(key + " is forgotten");
    }
    return new String(before.body(), StandardCharsets.UTF_8);
  }
}
