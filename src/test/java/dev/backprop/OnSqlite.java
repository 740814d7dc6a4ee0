package dev.backprop;

import dev.backprop.platform.storage.Databases;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// Makes a test of the service one of the service with its embedded database, one for all of them.
public interface OnSqlite {

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry registry) {
    registry.add("backprop.storage", () -> "jdbc");
    registry.add("backprop.data-directory", Databases::temporaryDirectory);
  }
}
