package dev.backprop.platform.storage;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/// What keeps models, data sets and trainings.
///
/// @param storage in this process alone, or in a database
/// @param dataDirectory the directory of the embedded database; made if there is none
@ConfigurationProperties("backprop")
record StorageProperties(
    @DefaultValue("jdbc") Kind storage, @DefaultValue("./data") Path dataDirectory) {

  /// As the service has them, without its beans.
  static StorageProperties of(Environment environment) {
    return Binder.get(environment).bindOrCreate("backprop", StorageProperties.class);
  }

  enum Kind {
    /// A restart forgets everything.
    MEMORY,
    /// The database that `spring.datasource.url` names, else SQLite in the data directory.
    JDBC
  }
}
