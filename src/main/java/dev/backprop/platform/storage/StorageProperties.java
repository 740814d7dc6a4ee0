package dev.backprop.platform.storage;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where models, data sets and trainings are kept.
///
/// @param storage in this process alone, or in a database
/// @param dataDirectory where the embedded database has its files; made if there is none
@ConfigurationProperties("backprop")
record StorageProperties(
    @DefaultValue("jdbc") Kind storage, @DefaultValue("./data") Path dataDirectory) {

  enum Kind {
    /// A restart forgets everything.
    MEMORY,
    /// The database that `spring.datasource.url` names, else SQLite in the data directory.
    JDBC
  }
}
