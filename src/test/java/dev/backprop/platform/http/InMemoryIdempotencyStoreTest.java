package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InMemoryIdempotencyStoreTest extends IdempotencyStoreContract {

  @Override
  protected IdempotencyStore keys() {
    return keys(10, 1_000_000);
  }

  @Override
  protected void accepting(Runnable together) {
    together.run();
  }

  private IdempotencyStore keys(int maxKeys, long maxBytes) {
    return new InMemoryIdempotencyStore(
        new HttpProperties.Idempotency(DAY, maxKeys), maxBytes, clock);
  }

  @Test
  void forgetsTheOldestBeyondItsNumberOfKeys() {
    IdempotencyStore keys = keys(10_000, Long.MAX_VALUE);
    for (int i = 0; i < 10_000; i++) {
      accept(keys, "key-" + i, "");
    }
    assertThat(answer(keys, "key-0")).isEmpty();

    accept(keys, "one-more", "");

    assertThat(keys.begin("key-0")).isNull();
    assertThat(answer(keys, "key-1")).isEmpty();
    assertThat(answer(keys, "one-more")).isEmpty();
  }

  @Test
  void aCallerForgetsItsOwnOldestOnly() {
    IdempotencyStore keys = keys(3, Long.MAX_VALUE);
    accept(keys, "one a", "");
    for (int i = 0; i < 5; i++) {
      accept(keys, "other " + i, "");
    }

    assertThat(answer(keys, "one a")).isEmpty();
    assertThat(keys.begin("other 1")).isNull();
    assertThat(answer(keys, "other 2")).isEmpty();
  }

  @Test
  void allCallersTogetherForgetTheOldest() {
    IdempotencyStore keys = keys(1, Long.MAX_VALUE);
    for (int i = 0; i < 11; i++) {
      accept(keys, "caller-%d a".formatted(i), "");
    }

    assertThat(keys.begin("caller-0 a")).isNull();
    assertThat(answer(keys, "caller-1 a")).isEmpty();
  }

  @Test
  void forgetsTheOldestBeyondItsNumberOfBytes() {
    long one = remembered("x".repeat(500)).bytes();
    IdempotencyStore keys = keys(10, 3 * one);
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
    IdempotencyStore keys = keys(10, 2 * one);
    accept(keys, "a", "x".repeat(500));
    accept(keys, "b", "x".repeat(500));
    clock.step(DAY);

    accept(keys, "c", "x".repeat(500));
    accept(keys, "d", "x".repeat(500));

    assertThat(answer(keys, "c")).hasSize(500);
    assertThat(answer(keys, "d")).hasSize(500);
  }

  @Test
  void countsTheBytesOfAnAnswerThatWasReplacedOnce() {
    long one = remembered("x".repeat(500)).bytes();
    IdempotencyStore keys = keys(10, 2 * one);
    assertThat(keys.begin("a")).isNull();
    keys.accept("a", remembered("x".repeat(500)));
    keys.end("a", remembered("y".repeat(500)));

    accept(keys, "b", "x".repeat(500));

    assertThat(answer(keys, "a")).startsWith("y").hasSize(500);
    assertThat(answer(keys, "b")).hasSize(500);
  }

  @Test
  void doesNotKeepAnAnswerThatIsLargerThanAllTogetherMayBe() {
    IdempotencyStore keys = keys(10, 2_000);

    accept(keys, "a", "x".repeat(2_000));

    assertThat(keys.begin("a")).isNull();
  }
}
