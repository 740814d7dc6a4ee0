package dev.backprop.platform.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.caller.CallerLimits;
import dev.backprop.platform.caller.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What every store of keys does.
abstract class KeyStoreContract {

  private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456Z");

  private final Random random = new Random(1);

  /// An empty one.
  protected abstract KeyStore store();

  private KeptKey key(String id, long age) {
    return new KeptKey(
        id,
        age,
        null,
        Role.TRAIN,
        List.of(),
        CallerLimits.NONE,
        AT,
        null,
        null,
        null,
        KeptKey.Secrets.of(ApiKey.withId(id, random)),
        null);
  }

  /// Keeps it in a change of its own.
  private KeptKey kept(KeyStore store, String id) {
    return store.change(
        change -> {
          KeptKey key = key(id, change);
          store.put(key, change);
          return key;
        });
  }

  @Test
  void keepsAllOfAKey() {
    KeyStore store = store();
    KeptKey plain = kept(store, "plain000");
    KeptKey full =
        store.change(
            change -> {
              KeptKey key =
                  new KeptKey(
                      "full0000",
                      change,
                      "Zoë's \u0001 key \ud800",
                      Role.ADMIN,
                      List.of("a.b", "c-"),
                      new CallerLimits(5, 6, 7_000_000_000L),
                      AT,
                      "plain000",
                      AT.plusSeconds(1),
                      AT.plusSeconds(2),
                      KeptKey.Secrets.of(ApiKey.random(random))
                          .rotated(ApiKey.random(random), AT.plusSeconds(3)),
                      null);
              store.put(key, change);
              return key;
            });

    assertThat(store.find("plain000")).contains(plain);
    assertThat(store.find("full0000")).contains(full);
    assertThat(store.find("none0000")).isEmpty();
    assertThat(store.count()).isEqualTo(2);
  }

  @Test
  void tellsWhatHasChangedSince() {
    KeyStore store = store();
    KeptKey first = kept(store, "first000");
    KeptKey second = kept(store, "second00");
    List<KeyStore.Changed> all = store.changedSince(0);
    assertThat(all).extracting(KeyStore.Changed::key).containsExactly(first, second);
    long seen = all.getLast().change();
    assertThat(store.changedSince(seen)).isEmpty();

    KeptKey revoked = first.revoked(AT.plusSeconds(9));
    store.<Boolean>change(
        change -> {
          store.put(revoked, change);
          return true;
        });

    assertThat(store.changedSince(seen))
        .singleElement()
        .satisfies(changed -> assertThat(changed.key()).isEqualTo(revoked))
        .satisfies(changed -> assertThat(changed.change()).isGreaterThan(seen));
    assertThat(store.count()).isEqualTo(2);
  }

  @Test
  void aChangeThatFailsChangesNothing() {
    KeyStore store = store();
    kept(store, "first000");

    assertThatThrownBy(
            () ->
                store.change(
                    _ -> {
                      throw new IllegalStateException("refused");
                    }))
        .hasMessage("refused");

    assertThat(store.changedSince(0)).hasSize(1);
  }

  @Test
  void whenAKeyWasUsedOnlyGrowsAndStaysWhenItIsPut() {
    KeyStore store = store();
    KeptKey key = kept(store, "first000");
    kept(store, "second00");
    long seen = store.changedSince(0).getLast().change();

    store.use(Map.of("first000", AT.plusSeconds(5), "gone0000", AT));
    assertThat(store.changedSince(seen))
        .extracting(KeyStore.Changed::key)
        .containsExactly(key.used(AT.plusSeconds(5)));

    store.use(Map.of("first000", AT.plusSeconds(4)));
    store.<Boolean>change(
        change -> {
          store.put(key.revoked(AT), change);
          return true;
        });
    assertThat(store.find("first000")).contains(key.revoked(AT).used(AT.plusSeconds(5)));
  }

  @Test
  void remembersTheNewestHashesOfEachId() {
    KeyStore store = store();
    kept(store, "first000");
    kept(store, "second00");
    List<String> hashes = random.ints(5, 0, 1000).mapToObj(Integer::toString).distinct().toList();
    for (String hash : hashes) {
      store.<Boolean>change(
          change -> {
            store.remember("first000", hash, change, 3);
            return true;
          });
    }

    assertThat(hashes.stream().map(hash -> store.remembers("first000", hash)))
        .containsExactly(false, false, true, true, true);
    assertThat(store.remembers("second00", hashes.getLast())).isFalse();
  }
}
