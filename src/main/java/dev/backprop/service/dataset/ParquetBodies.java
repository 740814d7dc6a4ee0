package dev.backprop.service.dataset;

import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.parquet.ParquetTableReader;
import dev.backprop.platform.storage.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Reads Parquet from bodies. What a file has is said at its end, so it is kept on disk meanwhile.
public record ParquetBodies(Spool spool) {

  /// Reads to the end of the stream.
  ///
  /// @return warnings
  /// @throws dev.backprop.platform.problem.ProblemException if the file is damaged, has what is not
  ///   read, or does not fit; or if a cell does not fit its column
  /// @throws IOException if the stream does
  public List<String> read(InputStream in, TableBuilder table) throws IOException {
    try (Spool.Body body = spool.keep(in)) {
      return ParquetTableReader.read(body.channel(), table);
    } catch (InvalidDataException e) {
      throw DataProblems.inFile(e);
    }
  }
}
