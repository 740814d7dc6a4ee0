package dev.backprop.platform.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are damaged, and files that ask for much more than they are.
class HostileFileTest {

  private static final int INT32 = 1;
  private static final int BYTE_ARRAY = 6;
  private static final long BUDGET = 64 << 20;

  @TempDir private Path directory;

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(bytes::putInt);
    return bytes.array();
  }

  private static <E extends Enum<E>> int number(E constant, E[] all) {
    return Arrays.asList(all).indexOf(constant);
  }

  private static byte[] page(int type, int values, Encoding encoding, int size, byte[] bytes) {
    return joined(
        new ThriftOut()
            .number(1, type)
            .number(2, size)
            .number(3, bytes.length)
            .struct(
                type == PageHeader.DICTIONARY ? 7 : 5,
                new ThriftOut()
                    .number(1, values)
                    .number(2, number(encoding, Encoding.values()))
                    .number(3, 3))
            .end(),
        bytes);
  }

  private static byte[] page(int values, Encoding encoding, byte[] bytes) {
    return page(PageHeader.DATA, values, encoding, bytes.length, bytes);
  }

  private static ThriftOut column(String name, int type) {
    ThriftOut column = new ThriftOut().number(1, type).number(3, 0).text(4, name);
    return type == BYTE_ARRAY ? column.number(6, 0) : column;
  }

  private static ThriftOut chunk(int type, Codec codec, long rows, long at, long length) {
    return new ThriftOut()
        .struct(
            3,
            new ThriftOut()
                .number(1, type)
                .number(4, number(codec, Codec.values()))
                .number(5, rows)
                .number(7, length)
                .number(9, at));
  }

  private static byte[] file(byte[] pages, ThriftOut footer) {
    byte[] meta = footer.end();
    return joined(text("PAR1"), pages, meta, ints(meta.length), text("PAR1"));
  }

  /// A file of one column.
  private static byte[] file(int type, Codec codec, long rows, byte[]... pages) {
    byte[] all = joined(pages);
    return file(
        all,
        new ThriftOut()
            .list(2, new ThriftOut().text(4, "root").number(5, 1), column("x", type))
            .number(3, rows)
            .list(
                4,
                new ThriftOut().list(1, chunk(type, codec, rows, 4, all.length)).number(3, rows)));
  }

  private Table read(byte[] bytes) throws IOException {
    Path path = Files.write(directory.resolve("file"), bytes);
    try (FileChannel channel = FileChannel.open(path)) {
      TableBuilder builder =
          TableBuilder.inferring(
              MissingTokens.DEFAULT,
              held -> {
                if (held > BUDGET) {
                  throw new Mutations.FullException();
                }
              });
      assertThat(ParquetTableReader.read(channel, builder)).isEmpty();
      return builder.build();
    }
  }

  private void assertDamaged(byte[] bytes, String detail) {
    assertRefused(bytes, ProblemCode.MALFORMED_DATA, detail);
  }

  private void assertRefused(byte[] bytes, ProblemCode code, String detail) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.detail()).contains(detail);
              assertThat(e.code()).isEqualTo(code);
            });
  }

  @Test
  void theForgedFileIsReadIfNothingIsWrongWithIt() throws IOException {
    Table table =
        read(file(INT32, Codec.UNCOMPRESSED, 3, page(3, Encoding.PLAIN, ints(7, -1, 300))));
    assertThat(table.required("x").json(2)).isEqualTo(300L);
    byte[] bytes = ints(7, -1, 300);
    byte[] compressed = Zstd.compress(bytes);
    assertThat(
            read(file(
                    INT32, Codec.ZSTD, 3, page(PageHeader.DATA, 3, Encoding.PLAIN, 12, compressed)))
                .required("x")
                .json(1))
        .isEqualTo(-1L);
  }

  @Test
  void sizesAreHeldAgainstTheFile() {
    byte[] page = page(3, Encoding.PLAIN, ints(1, 2, 3));
    assertDamaged(file(INT32, Codec.UNCOMPRESSED, 4, page), "has 1 values too few");
    assertDamaged(
        file(INT32, Codec.UNCOMPRESSED, 2, page), "has a page of 3 values where 2 are left");
    assertDamaged(
        file(INT32, Codec.UNCOMPRESSED, 3, page(3, Encoding.PLAIN, ints(1, 2))),
        "has a page that ends before its values do");
    assertDamaged(
        file(
            INT32,
            Codec.UNCOMPRESSED,
            3,
            page(PageHeader.DATA, 3, Encoding.PLAIN, 11, ints(1, 2, 3))),
        "has a page that must hold 11 bytes, and does not when it is decompressed");
    assertDamaged(
        file(INT32, Codec.UNCOMPRESSED, 3, page(PageHeader.DATA, 3, Encoding.PLAIN, -1, ints(1))),
        "a page must have at most 134217728 bytes, has -1");
    assertDamaged(
        file(INT32, Codec.UNCOMPRESSED, 3, Arrays.copyOf(page, page.length - 1)),
        "has a page of 12 bytes where 11 are left");
    assertDamaged(file(new byte[0], new ThriftOut().list(2).number(3, 1)), "has no schema");
  }

  /// A page of a few bytes that would be 128 MB, and more.
  @Test
  void aBombIsRefusedBeforeItGoesOff() {
    int most = PageHeader.MAX_BYTES;
    byte[] zeros = Zstd.compress(new byte[1 << 20]);
    assertDamaged(
        file(INT32, Codec.ZSTD, 9, page(PageHeader.DATA, 9, Encoding.PLAIN, most + 1, zeros)),
        "a page must have at most 134217728 bytes, has 134217729");
    byte[] bomb = file(INT32, Codec.ZSTD, 9, page(PageHeader.DATA, 9, Encoding.PLAIN, most, zeros));
    assertThatThrownBy(() -> read(bomb)).isInstanceOf(Mutations.FullException.class);
    assertDamaged(
        file(INT32, Codec.ZSTD, 9, page(PageHeader.DATA, 9, Encoding.PLAIN, 36, zeros)),
        "has a page that must hold 36 bytes, and does not when it is decompressed");
  }

  /// A run of one value that is named two milliard times takes more memory than there is.
  @Test
  void aLongRunIsRefusedByTheBudget() {
    int rows = 2_000_000_000;
    byte[] run = {1, (byte) 0x80, (byte) 0xd0, (byte) 0xac, (byte) 0xf3, 0x0e, 0};
    byte[] file =
        file(
            INT32,
            Codec.UNCOMPRESSED,
            rows,
            page(PageHeader.DICTIONARY, 1, Encoding.PLAIN, 4, ints(5)),
            page(rows, Encoding.RLE_DICTIONARY, run));
    assertThatThrownBy(() -> read(file)).isInstanceOf(Mutations.FullException.class);
  }

  @Test
  void aDictionaryIsHeldAgainstItsPage() {
    byte[] names = page(2, Encoding.RLE_DICTIONARY, new byte[] {1, 3, 2});
    assertDamaged(
        file(INT32, Codec.UNCOMPRESSED, 2, names), "names a dictionary that is not there");
    assertDamaged(
        file(
            INT32,
            Codec.UNCOMPRESSED,
            2,
            page(PageHeader.DICTIONARY, 1 << 30, Encoding.PLAIN, 8, ints(1, 2)),
            names),
        "has a page that ends before its values do");
    assertDamaged(
        file(
            INT32,
            Codec.UNCOMPRESSED,
            2,
            page(PageHeader.DICTIONARY, 1, Encoding.PLAIN, 4, ints(1)),
            names),
        "names entry 1 of a dictionary that has 1");
    byte[] dictionary = page(PageHeader.DICTIONARY, 1, Encoding.PLAIN, 4, ints(1));
    assertDamaged(
        file(INT32, Codec.UNCOMPRESSED, 2, dictionary, dictionary, names),
        "has a dictionary too many");
  }

  /// A text of a megabyte that a few bytes name a million times.
  @Test
  void aLongTextIsNotReadAsOftenAsItIsNamed() {
    byte[] digits = new byte[1 << 20];
    Arrays.fill(digits, (byte) '7');
    int rows = 1_000_000;
    byte[] run = {1, (byte) 0x80, (byte) 0x89, 0x7a, 0};
    assertRefused(
        file(
            BYTE_ARRAY,
            Codec.UNCOMPRESSED,
            rows,
            page(
                PageHeader.DICTIONARY,
                1,
                Encoding.PLAIN,
                digits.length + 4,
                joined(ints(digits.length), digits)),
            page(rows, Encoding.RLE_DICTIONARY, run)),
        ProblemCode.INVALID_DATA,
        "must have at most 4294967296 characters in texts of more than 256, has more");
  }

  @Test
  void textsAreHeldAgainstTheirPage() {
    assertRefused(
        file(BYTE_ARRAY, Codec.UNCOMPRESSED, 1, page(1, Encoding.PLAIN, ints(-1))),
        ProblemCode.INVALID_DATA,
        "must have values of at most 1048576 bytes, has one of 4294967295");
    assertDamaged(
        file(BYTE_ARRAY, Codec.UNCOMPRESSED, 1, page(1, Encoding.PLAIN, ints(5))),
        "has a page that ends before its values do");
    assertDamaged(
        file(
            BYTE_ARRAY,
            Codec.UNCOMPRESSED,
            1,
            page(1, Encoding.PLAIN, joined(ints(2), new byte[] {(byte) 0xc3, '('}))),
        "has a text that is not UTF-8");
  }

  private static byte[] schema(ThriftOut... nodes) {
    return file(new byte[0], new ThriftOut().list(2, nodes).number(3, 1));
  }

  @Test
  void aSchemaIsHeldAgainstItself() {
    ThriftOut root = new ThriftOut().text(4, "root").number(5, 1);
    assertDamaged(schema(root), "has a schema that names more columns than it has");
    assertDamaged(
        schema(root, column("x", INT32), column("y", INT32)),
        "has 3 nodes in its schema, of which 2 belong to a column");
    ThriftOut[] deep = new ThriftOut[100];
    Arrays.setAll(deep, i -> new ThriftOut().text(4, "n").number(5, 1));
    assertDamaged(schema(deep), "has a schema that is nested more than 64 deep");
    assertDamaged(
        schema(new ThriftOut().number(5, Integer.MAX_VALUE), column("x", INT32)),
        "has a schema that names more columns than it has");
    assertDamaged(schema(root, column("x", 99)), "has an unknown physical type 99");
  }

  private static byte[] twice(long second) {
    byte[] page = page(1, Encoding.PLAIN, ints(1));
    return file(
        page,
        new ThriftOut()
            .list(
                2,
                new ThriftOut().text(4, "root").number(5, 2),
                column("x", INT32),
                column("x ", INT32))
            .number(3, 1)
            .list(
                4,
                new ThriftOut()
                    .list(
                        1,
                        chunk(INT32, Codec.UNCOMPRESSED, 1, 4, page.length),
                        chunk(INT32, Codec.UNCOMPRESSED, 1, second, page.length))
                    .number(3, 1)));
  }

  /// Thousands of columns could name the same page.
  @Test
  void columnsHaveBytesOfTheirOwn() {
    assertDamaged(twice(4), "has columns that share their bytes");
    assertDamaged(twice(500), "beyond its");
    assertDamaged(twice(-1), "does not say where its columns are");
  }

  @Test
  void columnsHaveNamesOfTheirOwn() {
    byte[] page = page(1, Encoding.PLAIN, ints(1));
    byte[] file =
        file(
            joined(page, page),
            new ThriftOut()
                .list(
                    2,
                    new ThriftOut().text(4, "root").number(5, 2),
                    column("x", INT32),
                    column("x ", INT32))
                .number(3, 1)
                .list(
                    4,
                    new ThriftOut()
                        .list(
                            1,
                            chunk(INT32, Codec.UNCOMPRESSED, 1, 4, page.length),
                            chunk(INT32, Codec.UNCOMPRESSED, 1, 4 + page.length, page.length))
                        .number(3, 1)));
    assertDamaged(file, "column 'x': the Parquet file has several columns of this name");
  }

  @Test
  void rowsAreCounted() {
    byte[] page = page(1, Encoding.PLAIN, ints(1));
    ThriftOut footer =
        new ThriftOut()
            .list(2, new ThriftOut().text(4, "root").number(5, 1), column("x", INT32))
            .number(3, 2)
            .list(
                4,
                new ThriftOut()
                    .list(1, chunk(INT32, Codec.UNCOMPRESSED, 1, 4, page.length))
                    .number(3, 1));
    assertDamaged(file(page, footer), "says that it has 2 rows, its row groups have 1");
    assertRefused(
        file(INT32, Codec.UNCOMPRESSED, 5_000_000_000L, page),
        ProblemCode.INVALID_DATA,
        "must have at most 4294967296 cells, has 5000000000 rows of 1 columns");
  }

  @Test
  void metadataEndWhereTheyShould() {
    byte[] whole = file(INT32, Codec.UNCOMPRESSED, 1, page(1, Encoding.PLAIN, ints(1)));
    byte[] longer = whole.clone();
    longer[longer.length - 5] = 0x7f; // of the length's four bytes the highest
    assertDamaged(longer, "fewer than the");
    byte[] shorter = whole.clone();
    shorter[shorter.length - 8] = (byte) (shorter[shorter.length - 8] - 3);
    assertThatThrownBy(() -> read(shorter)).isInstanceOf(ProblemException.class);
    byte[] nested = new byte[100];
    Arrays.fill(nested, (byte) 0x1c); // a structure in a structure, and so on
    assertDamaged(
        joined(text("PAR1"), nested, ints(nested.length), text("PAR1")),
        "has metadata nested more than 32 deep");
  }

  /// Ten thousand more have been tried, see benchmarks/parquet.
  @Test
  void fourHundredDamagedFilesAreReadOrRefused() throws IOException {
    Mutations mutations =
        new Mutations(Path.of("src/test/resources/parquet"), directory.resolve("mutated"));
    Map<String, Integer> outcomes = new HashMap<>();
    for (long seed = 100_000; seed < 100_400; seed++) {
      outcomes.merge(mutations.outcome(mutations.mutated(seed)), 1, Integer::sum);
    }
    assertThat(outcomes.keySet())
        .isSubsetOf("read", "malformed-data", "invalid-data", "beyond the budget");
    assertThat(outcomes.getOrDefault("malformed-data", 0)).isGreaterThan(100);
  }
}
