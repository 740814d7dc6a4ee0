package dev.backprop.service.dataset;

import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import java.time.Clock;

/// The data sets that a process has of a database, for tests of other packages.
public final class DatasetsOfAProcess {

  private DatasetsOfAProcess() {}

  public static Datasets over(JdbcDatabase database) {
    Clock clock = Clock.systemUTC();
    return new Datasets(
        new JdbcDatasetStore(
            database, Databases.blobs(database, clock), StrictJson.mapper(), clock),
        database,
        Datasets.budget(1 << 20));
  }
}
