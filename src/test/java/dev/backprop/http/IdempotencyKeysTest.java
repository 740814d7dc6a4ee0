package dev.backprop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.http.IdempotencyKeys.Remembered;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdempotencyKeysTest {

  private static final Duration DAY = Duration.ofHours(24);

  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final InstantSource clock = () -> now;

  @Test
  void answersTheSameKeyAgainForADay() {
    IdempotencyKeys keys = new IdempotencyKeys(10, 1_000_000, clock);
    Remembered first = accept(keys, "a", "answer");

    now = now.plus(DAY).minusMillis(1);
    assertThat(keys.begin("a")).isSameAs(first);
    assertThat(keys.begin("a")).isSameAs(first);

    now = now.plusMillis(1);
    assertThat(keys.begin("a")).isNull();
  }

  @Test
  void refusesATwinWhileTheFirstIsBeingAnswered() {
    IdempotencyKeys keys = new IdempotencyKeys(10, 1_000_000, clock);

    assertThat(keys.begin("a")).isNull();
    assertThat(keys.begin("b")).isNull();
    assertThatThrownBy(() -> keys.begin("a"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.code()).isEqualTo(ProblemCode.IDEMPOTENCY_KEY_IN_USE));
  }

  @Test
  void forgetsARequestThatWasRefused() {
    IdempotencyKeys keys = new IdempotencyKeys(10, 1_000_000, clock);

    assertThat(keys.begin("a")).isNull();
    keys.end("a", null);
    assertThat(keys.begin("a")).isNull();
  }

  @Test
  void forgetsTheOldestBeyondItsNumberOfKeys() {
    IdempotencyKeys keys = new IdempotencyKeys(10_000, Long.MAX_VALUE, clock);
    for (int i = 0; i < 10_000; i++) {
      accept(keys, "key-" + i, "");
    }
    assertThat(answer(keys, "key-0")).isEmpty();

    accept(keys, "one more", "");

    assertThat(keys.begin("key-0")).isNull();
    assertThat(answer(keys, "key-1")).isEmpty();
    assertThat(answer(keys, "one more")).isEmpty();
  }

  @Test
  void forgetsTheOldestBeyondItsNumberOfBytes() {
    long one = remembered("x".repeat(500)).bytes();
    IdempotencyKeys keys = new IdempotencyKeys(10, 3 * one, clock);
    accept(keys, "a", "x".repeat(500));
    accept(keys, "b", "x".repeat(500));
    accept(keys, "c", "x".repeat(500));
    assertThat(answer(keys, "a")).hasSize(500);

    accept(keys, "d", "x".repeat(500));

    assertThat(keys.begin("a")).isNull();
    assertThat(answer(keys, "b")).hasSize(500);
    assertThat(answer(keys, "d")).hasSize(500);
  }

  @Test
  void givesTheBytesOfForgottenAnswersBack() {
    long one = remembered("x".repeat(500)).bytes();
    IdempotencyKeys keys = new IdempotencyKeys(10, 2 * one, clock);
    accept(keys, "a", "x".repeat(500));
    accept(keys, "b", "x".repeat(500));
    now = now.plus(DAY);

    accept(keys, "c", "x".repeat(500));
    accept(keys, "d", "x".repeat(500));

    assertThat(answer(keys, "c")).hasSize(500);
    assertThat(answer(keys, "d")).hasSize(500);
  }

  @Test
  void doesNotKeepAnAnswerThatIsLargerThanAllTogetherMayBe() {
    IdempotencyKeys keys = new IdempotencyKeys(10, 2_000, clock);

    accept(keys, "a", "x".repeat(2_000));

    assertThat(keys.begin("a")).isNull();
  }

  private Remembered accept(IdempotencyKeys keys, String key, String body) {
    assertThat(keys.begin(key)).isNull();
    Remembered answer = remembered(body);
    keys.end(key, answer);
    return answer;
  }

  private Remembered remembered(String body) {
    return new Remembered(
        "print", 201, "text/plain", null, body.getBytes(StandardCharsets.UTF_8), now);
  }

  private static String answer(IdempotencyKeys keys, String key) {
    @Nullable Remembered before = keys.begin(key);
    if (before == null) {
      throw new AssertionError(key + " is forgotten");
    }
    return new String(before.body(), StandardCharsets.UTF_8);
  }
}
