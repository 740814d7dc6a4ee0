package dev.backprop.platform.parquet;

import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// What the end of a file says of it, checked against the file's length.
///
/// @param columns in the order of the file
/// @param groups in the order of the rows
record FileMeta(long rows, List<FileColumn> columns, List<RowGroup> groups) {

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ENCRYPTED = "PARE".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL = 8;

  /// The longest metadata. Fifty thousand columns in a few row groups have less.
  private static final int MAX_BYTES = 64 << 20;

  /// Memory of a schema's element, and of a row group beside its chunks.
  private static final int NODE_BYTES = 100;

  /// More than nested columns have.
  private static final int MAX_NODES = 8 * TableBuilder.MAX_COLUMNS;

  private static final int MAX_DEPTH = 64;

  /// Of rows times columns: some seconds of reading.
  private static final long MAX_CELLS = 1L << 32;

  /// @param holds is told how many bytes of memory more are needed, before they are
  static FileMeta read(FileBytes file, LongConsumer holds) throws IOException {
    long size = file.size();
    if (size < MAGIC.length + TAIL) {
      throw Faults.damaged(
          "must have at least %d bytes, has %d".formatted(MAGIC.length + TAIL, size));
    }
    byte[] tail = file.read(size - TAIL, TAIL);
    if (is(ENCRYPTED, tail, 4)) {
      throw encrypted();
    }
    if (!is(MAGIC, tail, 4) || !is(MAGIC, file.read(0, MAGIC.length), 0)) {
      throw Faults.damaged("must begin and end with PAR1, does not: it is cut, or is no Parquet");
    }
    long length =
        (tail[0] & 0xff) | (tail[1] & 0xff) << 8 | (tail[2] & 0xff) << 16 | (tail[3] & 0xffL) << 24;
    if (length > size - TAIL - MAGIC.length) {
      throw Faults.damaged(
          "has %d bytes, fewer than the %d of its metadata".formatted(size, length));
    }
    int bytes = Faults.atMost(length, MAX_BYTES, "the metadata");
    holds.accept(bytes);
    long end = size - TAIL - bytes;
    try {
      FileMeta meta = read(new Thrift(file.read(end, bytes), 0, bytes), holds);
      meta.check(end);
      return meta;
    } catch (Thrift.CutException _) {
      throw Faults.damaged("has metadata that end before they should");
    } finally {
      holds.accept(-bytes);
    }
  }

  private static boolean is(byte[] magic, byte[] bytes, int at) {
    for (int i = 0; i < magic.length; i++) {
      if (bytes[at + i] != magic[i]) {
        return false;
      }
    }
    return true;
  }

  static ProblemException encrypted() {
    return Faults.unread("is encrypted, which is not read");
  }

  private static FileMeta read(Thrift thrift, LongConsumer holds) {
    long[] rows = {-1};
    List<SchemaElement> schema = new ArrayList<>();
    List<RowGroup> groups = new ArrayList<>();
    boolean[] encrypted = {false};
    thrift.struct(
        (id, type) -> {
          switch (id) {
            case 2 ->
                thrift.list(
                    type,
                    element -> {
                      holds.accept(NODE_BYTES);
                      if (schema.size() == MAX_NODES) {
                        throw Faults.unread(
                            "must have at most %d nodes in its schema, has more"
                                .formatted(MAX_NODES));
                      }
                      schema.add(SchemaElement.read(thrift, element));
                    });
            case 3 -> rows[0] = thrift.i64(type);
            case 4 ->
                thrift.list(
                    type,
                    element -> {
                      holds.accept(NODE_BYTES);
                      groups.add(RowGroup.read(thrift, element, holds));
                    });
            case 8 -> {
              thrift.skip(type);
              encrypted[0] = true;
            }
            default -> thrift.skip(type);
          }
        });
    if (encrypted[0]) {
      throw encrypted();
    }
    return new FileMeta(rows[0], columns(schema), groups);
  }

  private static List<FileColumn> columns(List<SchemaElement> schema) {
    if (schema.isEmpty()) {
      throw Faults.damaged("has no schema");
    }
    List<FileColumn> columns = new ArrayList<>();
    int at = 1;
    for (int i = 0; i < schema.getFirst().children; i++) {
      SchemaElement element = element(schema, at);
      int[] leaves = {0};
      int next = behind(schema, at, leaves, 0);
      columns.add(
          element.children > 0 ? FileColumn.nested(element, leaves[0]) : FileColumn.of(element));
      if (columns.size() > TableBuilder.MAX_COLUMNS) {
        throw Faults.unread(
            "must have at most %d columns, has more".formatted(TableBuilder.MAX_COLUMNS));
      }
      at = next;
    }
    if (at != schema.size()) {
      throw Faults.damaged(
          "has %d nodes in its schema, of which %d belong to a column"
              .formatted(schema.size(), at));
    }
    if (columns.isEmpty()) {
      throw Faults.unread("must have at least 1 column, has 0");
    }
    return columns;
  }

  private static SchemaElement element(List<SchemaElement> schema, int at) {
    if (at >= schema.size()) {
      throw Faults.damaged("has a schema that names more columns than it has");
    }
    return schema.get(at);
  }

  /// The place behind a node and all that is below it.
  ///
  /// @param leaves counts the columns of the file among them
  private static int behind(List<SchemaElement> schema, int at, int[] leaves, int depth) {
    if (depth > MAX_DEPTH) {
      throw Faults.damaged("has a schema that is nested more than %d deep".formatted(MAX_DEPTH));
    }
    SchemaElement element = element(schema, at);
    if (element.children < 0) {
      throw Faults.damaged("has a schema with fewer than 0 columns");
    }
    leaves[0] += element.children == 0 ? 1 : 0;
    int next = at + 1;
    for (int i = 0; i < element.children; i++) {
      next = behind(schema, next, leaves, depth + 1);
    }
    return next;
  }

  /// @param end where the pages end
  private void check(long end) {
    if (rows > Integer.MAX_VALUE - TAIL || rows > MAX_CELLS / columns.size()) {
      throw Faults.unread(
          "must have at most %d cells, has %d rows of %d columns"
              .formatted(MAX_CELLS, rows, columns.size()));
    }
    long leaves = columns.stream().mapToLong(FileColumn::leaves).sum();
    long counted = 0;
    long bytes = 0;
    for (RowGroup group : groups) {
      if (group.rows() < 0 || group.chunks().size() != leaves) {
        throw Faults.damaged(
            "must have %d columns in every row group, has %d of %d rows in one"
                .formatted(leaves, group.chunks().size(), group.rows()));
      }
      counted += group.rows();
      for (Chunk chunk : group.chunks()) {
        if (group.rows() == 0) {
          continue;
        }
        if (chunk.length() < 0
            || chunk.at() < MAGIC.length
            || chunk.at() > end
            || chunk.length() > end - chunk.at()) {
          throw Faults.damaged(
              "has a column at byte %d of %d bytes, beyond its %d bytes of data"
                  .formatted(chunk.at(), chunk.length(), end));
        }
        bytes += chunk.length();
        if (bytes > end) {
          throw Faults.damaged("has columns that share their bytes");
        }
      }
      if (counted > rows) {
        break;
      }
    }
    if (counted != rows) {
      throw Faults.damaged(
          "says that it has %d rows, its row groups have %d".formatted(rows, counted));
    }
  }
}
