package dev.backprop.platform.parquet;

import dev.backprop.engine.table.TableBuilder;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads a column of a row group into a table, page by page, in batches of cells.
final class ColumnReader {

  private final FileColumn column;
  private final Physical physical;
  private final CellSink sink;
  private final ChunkBytes bytes;
  private final int[] levels;
  private final int[] places;
  private boolean hasDictionary;

  /// @param column whose cells are read
  /// @param to its place in the table
  ColumnReader(FileColumn column, ChunkBytes bytes, Scratch scratch, TableBuilder table, int to) {
    this.column = column;
    this.physical = Objects.requireNonNull(column.physical());
    this.bytes = bytes;
    this.levels = scratch.levels;
    this.places = scratch.places;
    Meaning meaning = Objects.requireNonNull(column.meaning());
    this.sink =
        switch (meaning) {
          case Meaning.Numeric _, Meaning.Day _, Meaning.Moment _ ->
              new NumberSink(column, table, to, scratch);
          case Meaning.Truth _, Meaning.Text _, Meaning.Uuid _, Meaning.TimeOfDay _ ->
              new TextSink(column, table, to, scratch);
        };
  }

  /// Reads the cells of a row group.
  void read(Chunk chunk, long rows) throws IOException {
    if (chunk.values() != rows || Physical.of(chunk.type()) != physical) {
      throw Faults.damaged(
          "has %d values of type %d, must have %d of %s"
              .formatted(chunk.values(), chunk.type(), rows, physical));
    }
    Codec codec = Codec.of(chunk.codec());
    bytes.open(chunk);
    hasDictionary = false;
    try {
      long left = rows;
      while (left > 0) {
        if (!bytes.hasMore()) {
          throw Faults.damaged("has %d values too few".formatted(left));
        }
        PageHeader header = bytes.header();
        if (header.hasValues()) {
          if (header.values > left) {
            throw Faults.damaged(
                "has a page of %d values where %d are left".formatted(header.values, left));
          }
          page(header, bytes.page(header, codec));
          left -= header.values;
        } else if (header.type == PageHeader.DICTIONARY) {
          dictionary(header, bytes.page(header, codec));
        } else {
          bytes.skip(header);
        }
      }
    } finally {
      sink.forget();
    }
  }

  private void dictionary(PageHeader header, PageBytes page) {
    Encoding encoding = Encoding.of(header.encoding);
    if (hasDictionary || physical == Physical.BOOLEAN) {
      throw Faults.damaged("has a dictionary too many");
    }
    if (encoding != Encoding.PLAIN && encoding != Encoding.PLAIN_DICTIONARY) {
      throw Faults.damaged("has a dictionary in the encoding %s".formatted(encoding));
    }
    int least = Math.max(1, column.length() == 0 ? Integer.BYTES : column.length());
    page.require(0, (long) least * header.values);
    sink.dictionary(page, header.values);
    hasDictionary = true;
  }

  private void page(PageHeader header, PageBytes page) {
    Runs present = null;
    PageBytes values = page;
    if (header.type == PageHeader.DATA_V2) {
      values = page.from(header.levelBytes);
      if (!column.required()) {
        present = new Runs(page.first(header.levelBytes), 1);
      }
    } else if (!column.required()) {
      if (Encoding.of(header.levelEncoding) != Encoding.RLE) {
        throw Faults.unread(
            "has levels in the encoding %s, which is not read"
                .formatted(Encoding.of(header.levelEncoding)));
      }
      page.require(page.from(), Integer.BYTES);
      long length = page.int32(page.from()) & 0xffffffffL;
      PageBytes behind = page.from(page.from() + Integer.BYTES);
      present = new Runs(behind.first(length), 1);
      values = behind.from(behind.from() + length);
    }
    read(Encoding.of(header.encoding), values, present, header.values);
  }

  private void read(Encoding encoding, PageBytes values, @Nullable Runs present, int rows) {
    Runs dictionary = null;
    if (encoding.isDictionary()) {
      if (!hasDictionary) {
        throw Faults.damaged("names a dictionary that is not there");
      }
      dictionary = indexes(values);
    } else {
      sink.begin(encoding, values);
    }
    for (int left = rows; left > 0; ) {
      int n = Math.min(Scratch.BATCH, left);
      int given = present == null ? n : present(present, n);
      if (dictionary == null) {
        sink.values(given);
      } else {
        dictionary.read(places, given);
        check(given);
        sink.named(places, given);
      }
      sink.give(given == n ? null : levels, n, given);
      left -= n;
    }
  }

  private int present(Runs present, int n) {
    present.read(levels, n);
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += levels[i];
    }
    return count;
  }

  /// A page without values may have no bytes.
  private static Runs indexes(PageBytes values) {
    if (values.from() == values.end()) {
      return new Runs(values, 1);
    }
    return new Runs(values.from(values.from() + 1), values.array()[values.from()] & 0xff);
  }

  private void check(int n) {
    int size = sink.dictionarySize();
    for (int i = 0; i < n; i++) {
      if (Integer.compareUnsigned(places[i], size) >= 0) {
        throw Faults.damaged(
            "names entry %d of a dictionary that has %d"
                .formatted(Integer.toUnsignedLong(places[i]), size));
      }
    }
  }
}
