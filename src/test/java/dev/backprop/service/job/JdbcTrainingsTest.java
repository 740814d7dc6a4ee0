package dev.backprop.service.job;

import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcTrainingsTest extends TrainingsContract {

  private final Replica one;

  JdbcTrainingsTest(JdbcDatabase.Kind kind) {
    one = new Replica(Databases.empty(kind));
  }

  @AfterEach
  void stop() throws InterruptedException {
    one.stop();
  }

  @Override
  Harness process() {
    return one.process;
  }
}
