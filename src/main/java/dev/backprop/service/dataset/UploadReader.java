package dev.backprop.service.dataset;

import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Turns the bytes of an upload into a data set.
///
/// @param name of the data set
/// @param ownership whose the data set will be
/// @param notes what its maker says of it
/// @param options how the bytes are written
/// @param columns how some columns are read
record UploadReader(
    String name,
    Ownership ownership,
    Notes notes,
    BodyParameters options,
    ColumnParameters columns) {

  /// Memory that a data set takes beside its table; the next constant is that of each column.
  private static final long BYTES = 2000;

  private static final long COLUMN_BYTES = 500;

  /// Reads to the end of the stream.
  ///
  /// @param claim grows to the memory of the data set
  /// @param parquet reads the bytes if they are Parquet
  /// @throws dev.backprop.platform.problem.ProblemException if the bytes are no table, do not fit,
  ///   or the options are for another type of body
  /// @throws IOException if the stream does
  Dataset read(
      InputStream in, BodyType type, Budget.Claim claim, ParquetBodies parquet, Clock clock)
      throws IOException {
    CsvOptions csv = options.csv(type);
    MessageDigest digest = Sha256.digest();
    InputStream digested = new DigestInputStream(in, digest);
    MissingTokens missing = options.missingTokens(MissingTokens.DEFAULT);
    TableBuilder builder = TableBuilder.inferring(columns.reading(missing), claim);
    List<String> warnings = new ArrayList<>();
    switch (type.form()) {
      case CSV -> warnings.addAll(CsvTableReader.read(digested, csv, builder));
      case NDJSON -> NdjsonTableReader.read(digested, type.charset(), builder);
      case JSON -> JsonTableReader.read(digested, type.charset(), builder);
      case PARQUET -> warnings.addAll(parquet.read(digested, builder));
    }
    Table table = builder.build();
    columns.check(table);
    claim.holds(table.bytes() + BYTES + COLUMN_BYTES * table.columns().size());
    table.columns().forEach(column -> warnings.addAll(column.notes()));
    warnings.addAll(NumberAdvice.of(table.columns(), csv.numbers()));
    String numbered = Findings.numbered(Findings.numbered(table));
    if (numbered != null) {
      warnings.add(numbered);
    }
    return new Dataset(
        new DatasetHead(
            UUID.randomUUID().toString(),
            name,
            table.rows(),
            table.bytes(),
            Sha256.hex(digest),
            ColumnDescription.of(table),
            warnings,
            missing,
            clock.instant(),
            ownership,
            notes),
        table);
  }
}
