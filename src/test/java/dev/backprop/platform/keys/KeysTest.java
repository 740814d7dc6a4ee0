package dev.backprop.platform.keys;

import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.SteppedClock;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.CallerLimits;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.authentication.BadCredentialsException;

@ExtendWith(OutputCaptureExtension.class)
class KeysTest {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final SteppedClock clock = new SteppedClock(START);
  private final CountedStore store = new CountedStore();
  private final Keys keys = new Keys(store, clock);
  private final Keys other = new Keys(store, clock);

  /// Counts how often it is asked, and breaks when a test says so.
  private static final class CountedStore implements KeyStore {

    private final InMemoryKeyStore plain = new InMemoryKeyStore();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean broken;
    private volatile @Nullable CountDownLatch held;

    private KeyStore plain() {
      if (broken) {
        throw new ProblemException(ProblemCode.STORAGE_UNAVAILABLE, "broken");
      }
      return plain;
    }

    @Override
    public <T> T change(LongFunction<T> work) {
      return plain().change(work);
    }

    @Override
    public Optional<KeptKey> find(String id) {
      return plain().find(id);
    }

    @Override
    public int count() {
      return plain().count();
    }

    @Override
    public void put(KeptKey key, long change) {
      plain().put(key, change);
    }

    @Override
    public void remember(String id, String hash, long change, int most) {
      plain().remember(id, hash, change, most);
    }

    @Override
    public boolean remembers(String id, String hash) {
      return plain().remembers(id, hash);
    }

    @Override
    public void use(Map<String, Instant> times) {
      asked.incrementAndGet();
      plain().use(times);
    }

    @Override
    public List<Changed> changedSince(long change) {
      asked.incrementAndGet();
      CountDownLatch latch = held;
      if (latch != null) {
        try {
          latch.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return plain().changedSince(change);
    }
  }

  private Keys.Made made() {
    return keys.make(KeyRequest.of(Role.TRAIN, null), Caller.ANYBODY);
  }

  private static void assertRefused(Keys keys, Keys.Made key, String detail) {
    assertRefused(keys, key.text().text(), detail.formatted(key.key().id()));
  }

  private static void assertRefused(Keys keys, String key, String detail) {
    assertThatThrownBy(() -> keys.authenticate(key))
        .isInstanceOf(BadCredentialsException.class)
        .hasMessage(detail);
  }

  @Test
  void whatIsNoKeyIsRefusedWithoutTheStore() {
    String good = made().text().text();
    int before = store.asked.get();

    assertThatThrownBy(() -> keys.authenticate("bp_nonsense"))
        .isInstanceOf(BadCredentialsException.class)
        .hasMessageContaining("50 characters in all; this is another text, of 11");
    char last = good.charAt(49);
    assertThatThrownBy(() -> keys.authenticate(good.substring(0, 49) + (last == '0' ? '1' : '0')))
        .isInstanceOf(BadCredentialsException.class)
        .hasMessageContaining("mistyped");
    assertThat(keys.authenticate(good).role()).isEqualTo(Role.TRAIN);

    assertThat(store.asked.get()).isEqualTo(before);
  }

  @Test
  void unknownOnesAskTheStoreOnceForAllThatWait() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    Random random = new Random(1);
    int before = store.asked.get();
    store.held = latch;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> refused =
          IntStream.range(0, 50)
              .mapToObj(
                  _ -> {
                    String key = ApiKey.random(random).text();
                    return threads.submit(
                        () -> {
                          assertThatThrownBy(() -> keys.authenticate(key))
                              .isInstanceOf(BadCredentialsException.class)
                              .hasMessageStartingWith("there is no key with the id ");
                          return true;
                        });
                  })
              .toList();
      while (store.asked.get() == before) {
        Thread.onSpinWait();
      }
      store.held = null;
      latch.countDown();
      for (Future<Boolean> each : refused) {
        assertThat(each.get()).isTrue();
      }
    }
    // Those that came late may have begun anew.
    assertThat(store.asked.get() - before).isBetween(1, 50);
  }

  @Test
  void knownOnesGoOnWithoutTheStore() {
    Keys.Made key = made();
    other.refresh();
    store.broken = true;

    assertThat(keys.authenticate(key.text().text()).id()).isEqualTo(key.key().id());
    assertThat(other.authenticate(key.text().text()).id()).isEqualTo(key.key().id());
    assertProblem(
        ProblemCode.STORAGE_UNAVAILABLE,
        () -> keys.authenticate(ApiKey.random(new Random(2)).text()));
    assertProblem(ProblemCode.STORAGE_UNAVAILABLE, this::made);
  }

  @Test
  void expireByTheClock() {
    KeyRequest request =
        new KeyRequest(null, "predict", null, "2026-03-01T13:00:00+00:00", null, null, null);
    Keys.Made key = keys.make(request, Caller.ANYBODY);
    clock.step(Duration.ofHours(1).minusNanos(1));
    assertThat(keys.authenticate(key.text().text()).role()).isEqualTo(Role.PREDICT);

    clock.step(Duration.ofNanos(1));
    assertRefused(keys, key, "the key %s has expired at 2026-03-01T13:00:00Z");
    assertProblem(
        ProblemCode.CONFLICT, () -> keys.rotate(key.key().id(), Duration.ZERO, Caller.ANYBODY));
  }

  @Test
  void revokedOnesEndHereAtOnceAndElsewhereWithTheNextLook() {
    Keys.Made key = made();
    assertThat(other.authenticate(key.text().text()).id()).isEqualTo(key.key().id());

    clock.step(Duration.ofSeconds(5));
    assertThat(keys.revoke(key.key().id(), Caller.ANYBODY)).isTrue();
    clock.step(Duration.ofSeconds(5));
    assertThat(keys.revoke(key.key().id(), Caller.ANYBODY)).isTrue();
    assertThat(keys.revoke("none0000", Caller.ANYBODY)).isFalse();

    String detail = "the key %s was revoked at 2026-03-01T12:00:05Z";
    assertRefused(keys, key, detail);
    other.refresh();
    assertRefused(other, key, detail);
    assertThat(other.wereMade()).isTrue();
    assertThat(keys.find(key.key().id()).orElseThrow().revokedAt()).isEqualTo(START.plusSeconds(5));
    assertProblem(
        ProblemCode.CONFLICT, () -> keys.rotate(key.key().id(), Duration.ZERO, Caller.ANYBODY));
  }

  @Test
  void aRotatedOneHasTwoSecretsForAWhileAndNeverThree() {
    Keys.Made first = made();
    String id = first.key().id();
    Keys.Made second = keys.rotate(id, Duration.ofHours(1), Caller.ANYBODY).orElseThrow();
    // At once, also where nobody has looked since.
    assertThat(other.authenticate(second.text().text()).id()).isEqualTo(id);
    assertThat(keys.authenticate(first.text().text()).id()).isEqualTo(id);

    Keys.Made third = keys.rotate(id, Duration.ofHours(1), Caller.ANYBODY).orElseThrow();
    assertRefused(keys, first, "the key %s has another secret");
    assertThat(keys.authenticate(second.text().text()).id()).isEqualTo(id);
    assertThat(keys.authenticate(third.text().text()).id()).isEqualTo(id);

    clock.step(Duration.ofHours(1));
    assertRefused(
        keys, second, "the key %s was rotated, this secret was valid until 2026-03-01T13:00:00Z");
    Keys.Made last = keys.rotate(id, Duration.ZERO, Caller.ANYBODY).orElseThrow();
    assertRefused(
        keys, third, "the key %s was rotated, this secret was valid until 2026-03-01T13:00:00Z");
    assertThat(keys.authenticate(last.text().text()).id()).isEqualTo(id);
    assertThat(keys.rotate("none0000", Duration.ZERO, Caller.ANYBODY)).isEmpty();
  }

  @Test
  void whenOneWasUsedIsWrittenOnceAMinute() {
    Keys.Made key = made();
    String id = key.key().id();
    assertThat(keys.find(id).orElseThrow().lastUsedAt()).isNull();
    keys.writeUse();
    assertThat(store.find(id).orElseThrow().lastUsedAt()).isNull();

    keys.authenticate(key.text().text());
    assertThat(keys.find(id).orElseThrow().lastUsedAt()).isEqualTo(START);
    keys.writeUse();
    other.refresh();
    assertThat(other.find(id).orElseThrow().lastUsedAt()).isEqualTo(START);

    clock.step(Duration.ofSeconds(59));
    keys.authenticate(key.text().text());
    keys.writeUse();
    assertThat(keys.find(id).orElseThrow().lastUsedAt()).isEqualTo(START.plusSeconds(59));
    assertThat(store.find(id).orElseThrow().lastUsedAt()).isEqualTo(START);

    clock.step(Duration.ofSeconds(1));
    other.authenticate(key.text().text());
    other.writeUse();
    assertThat(store.find(id).orElseThrow().lastUsedAt()).isEqualTo(START.plusSeconds(60));
    keys.refresh();
    keys.writeUse();
    assertThat(keys.find(id).orElseThrow().lastUsedAt()).isEqualTo(START.plusSeconds(60));
  }

  @Test
  void whoIsLimitedToModelsGivesNobodyOthers() {
    Caller limited = new Caller("limited0", Role.ADMIN, List.of("a", "b-"), CallerLimits.NONE);
    Keys.Made all = made();
    Keys.Made some = keys.make(limitedTo("ab", "b-c"), Caller.ANYBODY);

    assertThat(keys.make(limitedTo("a"), limited).key().createdBy()).isEqualTo("limited0");
    for (KeyRequest request :
        List.of(KeyRequest.of(Role.PREDICT, null), limitedTo("b"), limitedTo("a", "c"))) {
      assertProblem(ProblemCode.FORBIDDEN, () -> keys.make(request, limited));
    }
    assertThat(keys.rotate(some.key().id(), Duration.ZERO, limited)).isPresent();
    assertProblem(ProblemCode.FORBIDDEN, () -> keys.rotate(all.key().id(), Duration.ZERO, limited));
    assertProblem(ProblemCode.FORBIDDEN, () -> keys.revoke(all.key().id(), limited));
    assertThat(keys.authenticate(all.text().text()).id()).isEqualTo(all.key().id());
  }

  private static KeyRequest limitedTo(String... prefixes) {
    return new KeyRequest(null, "predict", List.of(prefixes), null, null, null, null);
  }

  @Test
  void areBounded() {
    for (int i = 0; i < Keys.MOST; i++) {
      String id = "%08d".formatted(i);
      store.<Boolean>change(
          change -> {
            store.put(
                new KeptKey(
                    id,
                    change,
                    null,
                    Role.PREDICT,
                    List.of(),
                    CallerLimits.NONE,
                    START,
                    null,
                    null,
                    null,
                    new KeptKey.Secrets("00", null, null),
                    null),
                change);
            return true;
          });
    }

    assertThatThrownBy(this::made)
        .isInstanceOf(ProblemException.class)
        .hasMessage(
            "repository-full: there may be 10000 keys, revoked ones included, there are 10000");
    assertProblem(
        ProblemCode.REPOSITORY_FULL, () -> keys.adopt(ApiKey.random(new Random(1)), "given"));
  }

  @Test
  void anAdminKeyIsKeptOnceAndNeverRevived(CapturedOutput output) {
    ApiKey given = ApiKey.random(new Random(1));
    keys.adopt(given, "given");
    other.adopt(given, "given");
    assertThat(keys.authenticate(given.text()).role()).isEqualTo(Role.ADMIN);
    assertThat(keys.find(given.id()).orElseThrow().name()).isEqualTo("given");
    assertThat(output.getAll()).doesNotContain("WARN").doesNotContain(given.text());

    assertThatThrownBy(() -> keys.adopt(ApiKey.withId(given.id(), new Random(2)), "given"))
        .isInstanceOf(AdminKeyException.class)
        .hasMessage(
            "backprop.security.admin-key has the id %s, and that key never had this secret.",
            given.id());

    ApiKey rotated = keys.rotate(given.id(), Duration.ZERO, Caller.ANYBODY).orElseThrow().text();
    keys.adopt(given, "given");
    assertThatThrownBy(() -> keys.authenticate(given.text())).hasMessageContaining("rotated");
    assertThat(output.getAll()).containsOnlyOnce("was rotated and has another secret since");
    keys.adopt(rotated, "given");

    keys.revoke(given.id(), Caller.ANYBODY);
    keys.adopt(rotated, "given");
    assertThatThrownBy(() -> keys.authenticate(rotated.text())).hasMessageContaining("revoked");
    assertThat(output.getAll().lines().filter(line -> line.contains("WARN"))).hasSize(2);
  }
}
