package dev.backprop.service.dataset;

import dev.backprop.engine.table.NewerFormatException;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableParts;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Corruption;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.NewerFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The parts of a data set in the database; says as a problem what keeps one from being read.
record JdbcTableParts(String dataset, TableParts stored) implements TableParts {

  @Override
  public @Nullable Table next() {
    try {
      return stored.next();
    } catch (ProblemException e) {
      throw e;
    } catch (JdbcBlobs.BlobGoneException _) {
      throw new ProblemException(ProblemCode.NOT_FOUND, "there is no data set " + dataset);
    } catch (NewerFormatException e) {
      throw NewerFormat.of("data set " + dataset, e);
    } catch (IOException | RuntimeException e) {
      throw Corruption.of("data set " + dataset, e);
    }
  }

  @Override
  public void close() {
    stored.close();
  }
}
