package dev.backprop.spark.training;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.TableCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;

/// The rows of a shard in the order of their hashes, as a table whose types were inferred from them
/// alone.
///
/// @param table see [TableCodec]
/// @param parts of the rows, see [RowParts]
/// @param hashes the sum of the rows' hashes
/// @param sample the first rows
/// @param sampleParts their parts
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Shard(
    int number, byte[] table, byte[] parts, long hashes, List<Row> sample, byte[] sampleParts)
    implements Serializable {

  /// Reads rows whose last value is their hash.
  ///
  /// @param sampled how many rows the sample has at most
  static Shard read(
      int number, Iterator<Row> rows, ShardReading reading, RowParts parting, int sampled) {
    TableBuilder builder =
        TableBuilder.inferring(
            new TableBuilder.Reading(reading.missing(), reading.categorical(), Set.of()),
            ByteBudget.unbounded());
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    List<Row> sample = new ArrayList<>();
    long hashes = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      long hash = row.getLong(reading.columns().size());
      hashes += hash;
      parts.write(parting.part(hash));
      if (sample.size() < sampled) {
        sample.add(row);
      }
      RowReader.read(row, builder, reading.columns());
    }
    // A shard may have no row, and has its columns then too.
    reading.columns().forEach(builder::column);
    Table table = builder.build();
    if (table.rows() > 0) {
      for (var typed : reading.types().entrySet()) {
        table = table.retyped(typed.getKey(), ColumnType.valueOf(typed.getValue()));
      }
    }
    byte[] all = parts.toByteArray();
    return new Shard(
        number, bytes(table), all, hashes, sample, java.util.Arrays.copyOf(all, sample.size()));
  }

  private static byte[] bytes(Table table) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      TableCodec.write(table, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  Table read() {
    try {
      return TableCodec.read(
          new ByteArrayInputStream(table), Integer.MAX_VALUE, ByteBudget.unbounded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
