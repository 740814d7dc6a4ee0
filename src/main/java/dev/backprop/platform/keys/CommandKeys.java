package dev.backprop.platform.keys;

import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcOffline;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/// Keys without the service.
public final class CommandKeys {

  private CommandKeys() {}

  /// Makes a key in the database of the service.
  ///
  /// @param environment the properties of the service
  /// @param name null if it has none
  /// @return the key, which is kept nowhere
  /// @throws ProblemException 422 for a name that cannot be, 507 if there are too many keys
  public static String create(Environment environment, Role role, @Nullable String name) {
    KeyRequest request = KeyRequest.of(role, name);
    return JdbcOffline.work(
        environment,
        database ->
            new Keys(new JdbcKeyStore(database, StrictJson.mapper()), Clock.systemUTC())
                .make(request, Caller.ANYBODY)
                .text()
                .text());
  }

  /// @return a key that nobody knows yet, for `backprop.security.admin-key`
  public static String generate() {
    return ApiKey.random(new SecureRandom()).text();
  }
}
