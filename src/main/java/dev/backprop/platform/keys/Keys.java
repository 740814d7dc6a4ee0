package dev.backprop.platform.keys;

import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.CallerLimits;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.BadCredentialsException;

/// The keys of the API: who holds one, and what it allows.
///
/// All keys are known here, so that no request waits for the store, and keys hold although that
/// cannot be reached. [#refresh] shows what other processes have changed. Only a key that is not
/// known asks the store at once: another process may have made it just now.
public class Keys {

  private static final Logger log = LoggerFactory.getLogger(Keys.class);

  /// Revoked ones too.
  static final int MOST = 10_000;

  /// That are remembered of each key, so that a former one is known as such.
  private static final int MOST_HASHES = 100;

  private final KeyStore store;
  private final InstantSource clock;
  private final KnownKeys known;
  private final KeyCheck check;
  private final SecureRandom random = new SecureRandom();

  Keys(KeyStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.known = new KnownKeys(store);
    this.check = new KeyCheck(known, clock);
    known.takeOver();
  }

  /// A key and its text, which is told this once.
  record Made(KeptKey key, ApiKey text) {}

  /// Takes over what has changed in the store.
  void refresh() {
    known.takeOver();
  }

  /// Tells the store when keys were used last.
  void writeUse() {
    known.writeUse();
  }

  /// @param key as it was sent
  /// @throws BadCredentialsException with a detail for the client, if it is no key, or no longer
  /// @throws ProblemException 503 if the key is not known here, and the store cannot be asked
  public Caller authenticate(String key) {
    return check.authenticate(key);
  }

  /// Whether a key was ever made. From then on requests without one are not trusted for coming from
  /// this machine.
  public boolean wereMade() {
    return known.wereMade();
  }

  /// How many keys are neither revoked nor expired.
  public int valid() {
    return known.valid(now());
  }

  /// Whether there is or was a key of that id, as far as this process knows.
  public boolean isKnown(String id) {
    return known.find(id) != null;
  }

  /// Newest first, revoked ones too.
  ///
  /// @param cursor the end of the page before; null for the first page
  Page<KeptKey> list(@Nullable String cursor, int limit) {
    return known.list(cursor, limit);
  }

  Optional<KeptKey> find(String id) {
    if (known.find(id) == null) {
      // Another process may have made it just now.
      known.takeOverFromNow();
    }
    return Optional.ofNullable(known.find(id)).map(KnownKeys.Entry::shown);
  }

  /// Makes a key.
  ///
  /// @throws ProblemException 403 if the maker is limited to models and the key is not limited to
  ///   some of them, 507 if there are too many keys
  Made make(KeyRequest request, Caller maker) {
    requireWithin(request.prefixes(), maker);
    Instant now = now();
    Instant expiresAt = request.expiry(now);
    return changed(
        change -> {
          requireRoom();
          ApiKey text = unused();
          KeptKey key =
              new KeptKey(
                  text.id(),
                  change,
                  request.name(),
                  request.allows(),
                  request.prefixes(),
                  request.limits(),
                  now,
                  maker.id(),
                  expiresAt,
                  null,
                  KeptKey.Secrets.of(text),
                  null);
          keep(key, change);
          return new Made(key, text);
        });
  }

  private void requireRoom() {
    int count = store.count();
    if (count >= MOST) {
      throw new ProblemException(
          ProblemCode.REPOSITORY_FULL,
          "there may be %d keys, revoked ones included, there are %d".formatted(MOST, count));
    }
  }

  private ApiKey unused() {
    ApiKey text = ApiKey.random(random);
    while (store.find(text.id()).isPresent()) {
      text = ApiKey.random(random);
    }
    return text;
  }

  /// Keeps a key with a secret that is new.
  private void keep(KeptKey key, long change) {
    store.put(key, change);
    store.remember(key.id(), key.secrets().hash(), change, MOST_HASHES);
  }

  /// Gives a key another secret.
  ///
  /// @param validFor for how long the secret that it has is valid on
  /// @return empty if there is no such key
  /// @throws ProblemException 409 if it is not valid any more, 403 as for [#make]
  Optional<Made> rotate(String id, Duration validFor, Caller maker) {
    Instant now = now();
    return changed(
        change ->
            store
                .find(id)
                .map(
                    key -> {
                      requireWithin(key.modelPrefixes(), maker);
                      requireRotatable(key, now);
                      ApiKey text = ApiKey.withId(id, random);
                      KeptKey rotated = key.with(key.secrets().rotated(text, now.plus(validFor)));
                      keep(rotated, change);
                      return new Made(rotated, text);
                    }));
  }

  private static void requireRotatable(KeptKey key, Instant now) {
    String ended =
        key.revokedAt() != null
            ? "was revoked at " + key.revokedAt()
            : key.isExpired(now) ? "has expired at " + key.expiresAt() : "";
    if (!ended.isEmpty()) {
      throw new ProblemException(
          ProblemCode.CONFLICT,
          "the key %s %s, and gets no other secret: make another key".formatted(key.id(), ended));
    }
  }

  /// Ends a key for good; nothing changes if that was done before.
  ///
  /// @return whether there is one
  boolean revoke(String id, Caller caller) {
    Instant now = now();
    return changed(
            change ->
                store
                    .find(id)
                    .map(
                        key -> {
                          requireWithin(key.modelPrefixes(), caller);
                          if (key.revokedAt() == null) {
                            store.put(key.revoked(now), change);
                          }
                          return key;
                        }))
        .isPresent();
  }

  /// Whoever is limited to some models gives nobody others, nor takes them from anybody.
  private static void requireWithin(List<String> prefixes, Caller caller) {
    if (!caller.modelPrefixes().isEmpty()
        && (prefixes.isEmpty() || !prefixes.stream().allMatch(caller::seesModel))) {
      throw new ProblemException(
          ProblemCode.FORBIDDEN,
          "the caller is limited to models whose names begin with %s, the key must be limited to some of them"
              .formatted(String.join(" or ", caller.modelPrefixes())));
    }
  }

  /// Changes the store, and shows the change here at once.
  private <T> T changed(LongFunction<T> work) {
    T result = store.change(work);
    try {
      known.takeOverFromNow();
    } catch (ProblemException e) {
      log.debug("A change of the keys is shown later: {}", e.getMessage());
    }
    return result;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /// Keeps a key that was made elsewhere, with the role admin, if its id is new.
  ///
  /// @throws AdminKeyException if it is not that key but another one of its id
  void adopt(ApiKey given, String name) {
    String hash = given.hash();
    boolean isNew =
        changed(
            change -> {
              KeptKey key = store.find(given.id()).orElse(null);
              if (key == null) {
                requireRoom();
                keep(
                    new KeptKey(
                        given.id(),
                        change,
                        name,
                        Role.ADMIN,
                        List.of(),
                        CallerLimits.NONE,
                        now(),
                        null,
                        null,
                        null,
                        KeptKey.Secrets.of(given),
                        null),
                    change);
                return true;
              }
              if (!store.remembers(given.id(), hash)) {
                throw new AdminKeyException(given.id());
              }
              return false;
            });
    if (isNew) {
      log.info("Key {} was made, with the role admin: it is the {}", given.id(), name);
    }
    known.takeOverFromNow();
    warnIfVoid(given.id(), hash);
  }

  private void warnIfVoid(String id, String hash) {
    KeptKey key = Objects.requireNonNull(known.find(id)).key();
    String why =
        key.revokedAt() != null
            ? "was revoked at " + key.revokedAt()
            : key.isExpired(now())
                ? "has expired at " + key.expiresAt()
                : !key.secrets().isCurrent(hash)
                    ? "was rotated and has another secret since"
                    : key.role() != Role.ADMIN ? "has the role " + key.role().json() : "";
    if (!why.isEmpty()) {
      log.warn("The key {} of backprop.security.admin-key {}; it is left as it is", id, why);
    }
  }
}
