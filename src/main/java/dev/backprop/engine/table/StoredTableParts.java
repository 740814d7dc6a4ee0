package dev.backprop.engine.table;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// The parts of a table that [TableCodec] has written, read one after another.
public final class StoredTableParts implements TableParts {

  private static final int BUFFER = 1 << 16;

  private final Inflater inflater = new Inflater();
  private final InputStream in;
  private final DataInputStream from;
  private final Meter meter;
  private final ByteBuffer buffer = ByteBuffer.allocate(TableCodec.GROUP * Double.BYTES);
  private @Nullable List<TableCodec.Head> heads;
  private int all;
  private int first;

  /// @param in closed with the parts
  /// @param budget is told the memory of all categories and of the cells of a part
  public StoredTableParts(InputStream in, ByteBudget budget) {
    this.in = in;
    this.meter = new Meter(budget);
    this.from =
        new DataInputStream(
            new BufferedInputStream(new InflaterInputStream(in, inflater, BUFFER), BUFFER));
  }

  @Override
  public @Nullable Table next() throws IOException {
    List<TableCodec.Head> columns = heads == null ? begin() : heads;
    int count = Math.min(TableCodec.GROUP, all - first);
    if (count <= 0) {
      return null;
    }
    List<Column> part = new ArrayList<>(columns.size());
    for (TableCodec.Head head : columns) {
      CellArray cells = head.room(count);
      if (cells != null) {
        buffer.clear();
        from.readFully(buffer.array(), 0, count * cells.width());
        cells.take(buffer, 0, count);
      }
      part.add(head.column(first, count, cells));
    }
    first += count;
    if (first == all && from.read() != -1) {
      throw new IOException("goes on after its table");
    }
    return new Table(count, part);
  }

  private List<TableCodec.Head> begin() throws IOException {
    int format = TableCodec.readFormat(from);
    all = from.readInt();
    List<TableCodec.Head> read = new ArrayList<>();
    for (int c = from.readInt(); c > 0; c--) {
      read.add(TableCodec.readHead(from, format, Math.min(TableCodec.GROUP, all), meter));
    }
    meter.tell();
    heads = List.copyOf(read);
    return heads;
  }

  @Override
  public void close() {
    inflater.end();
    try {
      in.close();
    } catch (IOException _) {
      // What was wanted has been read.
    }
  }
}
