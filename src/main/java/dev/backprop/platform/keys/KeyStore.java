package dev.backprop.platform.keys;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// What is kept of keys. The rules are those of [Keys]. Several processes may share one.
interface KeyStore {

  /// Changes something. Changes take turns, so whoever has seen a change has seen all before it.
  ///
  /// @param work gets the number of the change; it may be done more than once
  <T> T change(LongFunction<T> work);

  Optional<KeptKey> find(String id);

  /// All of them, revoked ones too.
  int count();

  /// Keeps a key in the place of what was kept of its id, in a change. When it was used last is
  /// left as it is.
  ///
  /// @param change the number of the change
  void put(KeptKey key, long change);

  /// Remembers that an id has had a hash, in a change.
  ///
  /// @param most how many hashes of an id are remembered: the newest
  void remember(String id, String hash, long change, int most);

  /// Whether an id has had a hash, as far as that is remembered.
  boolean remembers(String id, String hash);

  /// Keeps when keys were used last, in one change.
  ///
  /// @param times by the ids of the keys
  void use(Map<String, Instant> times);

  /// Every key that has changed since, as it is now, in the order of the changes.
  List<Changed> changedSince(long change);

  /// A key as it was when it last changed.
  ///
  /// @param change the number of the change; one may have changed several keys
  /// @param key null if what is kept of it cannot be read
  record Changed(String id, long change, @Nullable KeptKey key) {}
}
