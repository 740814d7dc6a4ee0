package dev.backprop.platform.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Keys in a database, as several processes share it.
@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcKeyStoreTest extends KeyStoreContract {

  private final JdbcDatabase database;

  JdbcKeyStoreTest(JdbcDatabase.Kind kind) {
    this.database = Databases.empty(kind);
  }

  @Override
  protected final KeyStore store() {
    return new JdbcKeyStore(database, StrictJson.mapper());
  }

  private Keys process() {
    return new Keys(store(), InstantSource.system());
  }

  @Test
  void whatOneMakesTheOtherTakesAtOnce() {
    Keys one = process();
    Keys other = process();
    assertThat(other.wereMade()).isFalse();

    String key = one.make(KeyRequest.of(Role.TRAIN, null), Caller.ANYBODY).text().text();

    assertThat(other.authenticate(key)).isEqualTo(one.authenticate(key));
    assertThat(other.wereMade()).isTrue();
    assertThat(process().wereMade()).isTrue();
  }

  /// Two processes that start at once are given the same one.
  @Test
  void anAdminKeyIsKeptOnceByAllThatStartWithIt() throws Exception {
    ApiKey key = ApiKey.random(new java.util.Random(7));
    List<Future<?>> starts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        starts.add(threads.submit(() -> process().adopt(key, "given")));
      }
      for (Future<?> start : starts) {
        start.get();
      }
    }
    assertThat(store().count()).isEqualTo(1);
    assertThat(process().authenticate(key.text()).role()).isEqualTo(Role.ADMIN);
  }

  @Test
  void aKeyThatCannotBeReadLetsNobodyInAndStandsInNobodysWay() {
    Keys keys = process();
    Keys.Made broken = keys.make(KeyRequest.of(Role.TRAIN, null), Caller.ANYBODY);
    Keys.Made sound = keys.make(KeyRequest.of(Role.TRAIN, null), Caller.ANYBODY);

    database.update(
        "UPDATE api_keys SET role = 'emperor', change = change + 10 WHERE id = :id",
        Map.of("id", broken.key().id()));
    keys.refresh();

    for (Keys each : List.of(keys, process())) {
      assertThat(each.authenticate(sound.text().text()).id()).isEqualTo(sound.key().id());
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> each.authenticate(broken.text().text()))
          .hasMessage("there is no key with the id " + broken.key().id());
      assertThat(each.wereMade()).isTrue();
    }
  }
}
