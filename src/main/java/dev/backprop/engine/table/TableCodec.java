package dev.backprop.engine.table;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// Tables as compressed bytes and back, cell by cell the same.
///
/// The bytes begin with what each column is, and its categories. The cells follow in groups of
/// rows, and in a group column by column, in the form that they have in memory. So reading the
/// first rows takes only the beginning. All of it is one zlib stream (RFC 1950), with big-endian
/// numbers.
public final class TableCodec {

  /// The newest number of the form. It is written if a table has a column of dates.
  public static final int FORMAT = 3;

  /// The number that is written else, so that a former version reads the table.
  private static final int WITHOUT_DATES = 2;

  /// "BPT" and the number of the form as a digit.
  private static final int MAGIC = 0x42505430;

  private static final int MAX_FORMAT = 9;

  /// How many rows are in a group.
  static final int GROUP = 1 << 14;

  private static final int BUFFER = 1 << 16;

  private TableCodec() {}

  private enum Kind {
    NUMERIC,
    CATEGORICAL,
    UNKEPT,
    DATE
  }

  public static void write(Table table, OutputStream out) throws IOException {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      DataOutputStream to =
          new DataOutputStream(
              new BufferedOutputStream(new DeflaterOutputStream(out, deflater, BUFFER), BUFFER));
      to.writeInt(MAGIC + format(table));
      to.writeInt(table.rows());
      to.writeInt(table.columns().size());
      for (Column column : table.columns()) {
        writeHead(column, to);
      }
      ByteBuffer buffer = ByteBuffer.allocate(GROUP * Double.BYTES);
      for (int from = 0; from < table.rows(); from += GROUP) {
        int until = Math.min(table.rows(), from + GROUP);
        for (Column column : table.columns()) {
          Cells cells = cells(column);
          if (cells != null) {
            buffer.clear();
            cells.put(buffer, from, until);
            to.write(buffer.array(), 0, buffer.position());
          }
        }
      }
      to.flush();
      deflater.finish();
      byte[] rest = new byte[BUFFER];
      while (!deflater.finished()) {
        out.write(rest, 0, deflater.deflate(rest));
      }
    } finally {
      deflater.end();
    }
  }

  private static int format(Table table) {
    return table.columns().stream().anyMatch(column -> column instanceof DateColumn)
        ? FORMAT
        : WITHOUT_DATES;
  }

  private static void writeHead(Column column, DataOutputStream to) throws IOException {
    writeText(column.name(), to);
    writeText(kind(column).name(), to);
    to.writeInt(column.missing());
    Cells cells = cells(column);
    to.writeByte(cells == null ? 0 : cells.width());
    writeTexts(column instanceof UnkeptColumn ? List.of() : column.notes(), to);
    if (column instanceof NumericColumn numeric) {
      writeFound(numeric.found(), to);
    }
    if (column instanceof DateColumn dates) {
      writeFound(dates.found(), to);
      writeText(dates.format().pattern(), to);
      String zone = dates.format().zone();
      writeText(zone == null ? "" : zone, to);
    }
    if (column instanceof CategoricalColumn categorical) {
      writeText(categorical.type().name(), to);
      to.writeLong(categorical.dictionaryBytes());
      to.writeInt(categorical.categories().size());
      for (Label category : categorical.categories()) {
        writeText(category.kind().name(), to);
        writeText(category.text(), to);
      }
    }
  }

  private static void writeFound(NumericColumn.Found found, DataOutputStream to)
      throws IOException {
    writeTexts(found.respelled() == null ? List.of() : List.of(found.respelled()), to);
    NumericColumn.Strangers strangers = found.strangers();
    writeTexts(strangers.texts(), to);
    to.writeInt(strangers.rows().length);
    for (int i = 0; i < strangers.rows().length; i++) {
      to.writeInt(strangers.rows()[i]);
      to.writeByte(strangers.codes()[i]);
    }
  }

  private static void writeTexts(List<String> texts, DataOutputStream to) throws IOException {
    to.writeInt(texts.size());
    for (String text : texts) {
      writeText(text, to);
    }
  }

  private static Kind kind(Column column) {
    return switch (column) {
      case NumericColumn _ -> Kind.NUMERIC;
      case CategoricalColumn _ -> Kind.CATEGORICAL;
      case UnkeptColumn _ -> Kind.UNKEPT;
      case DateColumn _ -> Kind.DATE;
    };
  }

  private static @Nullable Cells cells(Column column) {
    return column instanceof UnkeptColumn ? null : column.cells();
  }

  /// Writes UTF-16, because JSON may have halves of surrogate pairs.
  private static void writeText(String text, DataOutputStream to) throws IOException {
    to.writeInt(text.length());
    to.writeChars(text);
  }

  /// Reads the first rows of a table; if those are all, to the end of the stream.
  ///
  /// @param budget is told the memory of all categories, which are always read, and of the cells of
  ///   these rows
  /// @throws NewerFormatException if a newer version has written the bytes
  /// @throws IOException if the bytes are no table
  public static Table read(InputStream in, int maxRows, ByteBudget budget) throws IOException {
    Inflater inflater = new Inflater();
    try {
      return readTable(
          new DataInputStream(
              new BufferedInputStream(new InflaterInputStream(in, inflater, BUFFER), BUFFER)),
          maxRows,
          budget);
    } finally {
      inflater.end();
    }
  }

  /// Reads what comes before everything else.
  ///
  /// @return the number of the form
  static int readFormat(DataInputStream from) throws IOException {
    int format = from.readInt() - MAGIC;
    if (format < 1 || format > MAX_FORMAT) {
      throw new IOException("no table");
    }
    if (format > FORMAT) {
      throw new NewerFormatException(FORMAT, format);
    }
    return format;
  }

  private static Table readTable(DataInputStream from, int maxRows, ByteBudget budget)
      throws IOException {
    int format = readFormat(from);
    int all = from.readInt();
    int rows = Math.min(all, maxRows);
    List<Head> heads = new ArrayList<>();
    Meter meter = new Meter(budget);
    for (int c = from.readInt(); c > 0; c--) {
      heads.add(readHead(from, format, rows, meter));
    }
    meter.tell();
    List<@Nullable CellArray> cells = new ArrayList<>();
    for (Head head : heads) {
      cells.add(head.room(rows));
    }
    ByteBuffer buffer = ByteBuffer.allocate(GROUP * Double.BYTES);
    for (int at = 0; at < rows; at += GROUP) {
      int stored = Math.min(all - at, GROUP);
      for (CellArray column : cells) {
        if (column != null) {
          buffer.clear();
          from.readFully(buffer.array(), 0, stored * column.width());
          column.take(buffer, at, Math.min(rows - at, stored));
        }
      }
    }
    if (rows == all && from.read() != -1) {
      throw new IOException("goes on after its table");
    }
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < heads.size(); c++) {
      columns.add(heads.get(c).column(0, rows, cells.get(c)));
    }
    NumericColumn.putSideBySide(columns);
    return new Table(rows, columns);
  }

  /// @param rows whose cells are going to be held
  static Head readHead(DataInputStream from, int format, int rows, Meter meter) throws IOException {
    String name = readText(from);
    Kind kind = readConstant(Kind.class, from);
    int missing = from.readInt();
    int width = from.readUnsignedByte();
    meter.add((long) width * rows);
    List<String> notes = format == 1 ? List.of() : readTexts(from);
    NumericColumn.Found found =
        format > 1 && (kind == Kind.NUMERIC || kind == Kind.DATE)
            ? readFound(from, notes, meter)
            : NumericColumn.Found.NOTHING;
    DateFormat dates = kind == Kind.DATE ? readDates(from) : null;
    ColumnType type = ColumnType.NUMERIC;
    List<Label> categories = new ArrayList<>();
    if (kind == Kind.CATEGORICAL) {
      type = readConstant(ColumnType.class, from);
      meter.add(from.readLong()); // of the categories
      for (int i = from.readInt(); i > 0; i--) {
        Label.Kind of = readConstant(Label.Kind.class, from);
        categories.add(new Label(readText(from), of));
      }
    }
    return new Head(name, kind, missing, width, type, categories, notes, found, dates);
  }

  private static DateFormat readDates(DataInputStream from) throws IOException {
    String pattern = readText(from);
    String zone = readText(from);
    try {
      return new DateFormat(pattern, zone.isEmpty() ? null : zone);
    } catch (IllegalArgumentException e) {
      throw new IOException("no table", e);
    }
  }

  private static CellArray array(int width, int rows) throws IOException {
    try {
      return CellArray.of(width, rows);
    } catch (IllegalArgumentException e) {
      throw new IOException("no table", e);
    }
  }

  private static NumericColumn.Found readFound(
      DataInputStream from, List<String> notes, Meter meter) throws IOException {
    List<String> respelled = readTexts(from);
    List<String> texts = readTexts(from);
    int count = from.readInt();
    meter.add(5L * count);
    int[] strangers = new int[count];
    byte[] codes = new byte[count];
    for (int i = 0; i < count; i++) {
      strangers[i] = from.readInt();
      codes[i] = from.readByte();
    }
    return new NumericColumn.Found(
        new NumericColumn.Strangers(texts, strangers, codes),
        respelled.isEmpty() ? null : respelled.getFirst(),
        notes);
  }

  private static List<String> readTexts(DataInputStream from) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int i = from.readInt(); i > 0; i--) {
      texts.add(readText(from));
    }
    return texts;
  }

  private static <E extends Enum<E>> E readConstant(Class<E> type, DataInputStream from)
      throws IOException {
    String name = readText(from);
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      throw new IOException("no table", e);
    }
  }

  private static String readText(DataInputStream from) throws IOException {
    int length = from.readInt();
    byte[] bytes = from.readNBytes(Math.multiplyExact(2, length));
    if (bytes.length < 2 * length) {
      throw new EOFException();
    }
    char[] chars = new char[length];
    ByteBuffer.wrap(bytes).asCharBuffer().get(chars);
    return new String(chars);
  }

  /// A column whose cells are still to be read.
  ///
  /// @param missing the missing cells of all rows; if the cells are not kept, those that were
  ///   missing in the data
  /// @param dates how they are written; null if it has none
  record Head(
      String name,
      Kind kind,
      int missing,
      int width,
      ColumnType type,
      List<Label> categories,
      List<String> notes,
      NumericColumn.Found found,
      @Nullable DateFormat dates) {

    /// Room for cells of the column; null if none are kept.
    @Nullable CellArray room(int rows) throws IOException {
      return kind == Kind.UNKEPT ? null : array(width, rows);
    }

    /// The column of some of the rows.
    ///
    /// @param first of them
    /// @param held their cells; null if none are kept
    Column column(int first, int rows, @Nullable CellArray held) {
      if (held == null) {
        return new UnkeptColumn(name, rows, Math.min(missing, rows), List.of());
      }
      Cells cells = Cells.of(held);
      if (dates != null) {
        return new DateColumn(name, dates, cells, found.part(first, rows));
      }
      return kind == Kind.NUMERIC
          ? new NumericColumn(name, cells, found.part(first, rows))
          : new CategoricalColumn(name, type, categories, cells, notes);
    }
  }
}
