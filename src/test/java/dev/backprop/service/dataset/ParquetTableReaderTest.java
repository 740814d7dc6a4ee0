package dev.backprop.service.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.DateFormat;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.TableCodec;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.parquet.ParquetTableReader;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of other writers, which make.py beside them has made, and the same rows as CSV.
class ParquetTableReaderTest {

  private static final Path FILES = Path.of("src/test/resources/parquet");

  private static TableBuilder.Reading reading(String... categorical) {
    return new TableBuilder.Reading(MissingTokens.DEFAULT, Set.of(categorical), Set.of());
  }

  private static Table parquet(String name, TableBuilder builder) throws IOException {
    try (FileChannel channel = FileChannel.open(FILES.resolve(name))) {
      assertThat(ParquetTableReader.read(channel, builder)).isEmpty();
    }
    return builder.build();
  }

  private static Table parquet(String name, TableBuilder.Reading reading) throws IOException {
    return parquet(name, TableBuilder.inferring(reading, ByteBudget.unbounded()));
  }

  private static Table csv(String name, TableBuilder builder) throws IOException {
    try (InputStream in = Files.newInputStream(FILES.resolve(name))) {
      CsvTableReader.read(in, CsvOptions.DEFAULT, builder);
    }
    return builder.build();
  }

  private static Table csv(String name, TableBuilder.Reading reading) throws IOException {
    return csv(name, TableBuilder.inferring(reading, ByteBudget.unbounded()));
  }

  /// All that is kept of a table, byte by byte.
  private static byte[] kept(Table table) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TableCodec.write(table, out);
    return out.toByteArray();
  }

  private static void assertSame(Table parquet, Table csv) throws IOException {
    for (Column column : csv.columns()) {
      Column other = parquet.column(column.name());
      if (other == null) {
        continue;
      }
      assertThat(other.type()).as(column.name()).isEqualTo(column.type());
      assertThat(other.notes()).as(column.name()).isEqualTo(column.notes());
      for (int row = 0; row < csv.rows(); row++) {
        assertThat(other.json(row)).as(column.name() + row).isEqualTo(column.json(row));
      }
      assertThat(kept(new Table(csv.rows(), List.of(other))))
          .as(column.name())
          .isEqualTo(kept(new Table(csv.rows(), List.of(column))));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snappy.parquet",
        "gzip-v2.parquet",
        "zstd-pages.parquet",
        "plain.parquet",
        "delta.parquet",
        "split.parquet"
      })
  void theSameTableAsOfCsv(String name) throws IOException {
    Table csv = csv("rows.csv", reading());
    Table parquet = parquet(name, reading());
    assertSame(parquet, csv);
    assertThat(kept(parquet)).isEqualTo(kept(csv));
  }

  @ParameterizedTest
  @ValueSource(strings = {"duckdb.parquet", "duckdb-v2.parquet"})
  void theSameTableOfAnotherWriter(String name) throws IOException {
    Table csv = csv("duckdb.csv", reading());
    Table parquet = parquet(name, reading());
    assertSame(parquet, csv);
    assertThat(kept(parquet)).isEqualTo(kept(csv));
  }

  @Test
  void columnsWithoutMissingCells() throws IOException {
    Table parquet = parquet("required.parquet", reading());
    assertSame(parquet, csv("rows.csv", reading()));
    assertThat(parquet.columns()).hasSize(24);
  }

  @Test
  void textsOfCategoriesAreThoseOfCsv() throws IOException {
    TableBuilder.Reading reading =
        reading("flag", "count", "id", "largest", "kind", "zip", "day", "at", "single");
    Table parquet = parquet("snappy.parquet", reading);
    assertThat(kept(parquet)).isEqualTo(kept(csv("rows.csv", reading)));
    assertThat(((CategoricalColumn) parquet.required("id")).categories().getFirst().text())
        .isEqualTo("1152921504606846977");
  }

  @Test
  void missingTokensAreThoseOfCsv() throws IOException {
    TableBuilder.Reading reading =
        TableBuilder.Reading.of(
            new MissingTokens(List.of("red", "3", "1970-05-18", "64065", "true", "0.36")));
    Table parquet = parquet("snappy.parquet", reading);
    Table csv = csv("rows.csv", reading);
    assertThat(parquet.required("count").missing())
        .isEqualTo(csv.required("count").missing())
        .isPositive();
    assertThat(parquet.required("day").missing()).isEqualTo(csv.required("day").missing());
    assertThat(Cells.of(parquet, "kind")).isEqualTo(Cells.of(csv, "kind"));
    assertThat(Cells.of(parquet, "flag")).isEqualTo(Cells.of(csv, "flag"));
    assertThat(Cells.of(parquet, "count")).isEqualTo(Cells.of(csv, "count"));
    assertThat(Cells.of(parquet, "day")).isEqualTo(Cells.of(csv, "day"));
  }

  /// A schema as a model that learned from the CSV has it.
  private static Schema schema(Table csv) {
    return of(
        csv.columns().stream()
            .filter(column -> !column.name().equals("empty") && !column.name().equals("nothing"))
            .toList());
  }

  private static Schema of(List<Column> columns) {
    return new Schema(
        columns.stream().map(ParquetTableReaderTest::field).toList(),
        new Target.Numbers(List.of("count")),
        MissingTokens.DEFAULT);
  }

  private static Schema.Field field(Column column) {
    List<Label> categories =
        column instanceof CategoricalColumn categorical ? categorical.categories() : List.of();
    DateFormat dates = column instanceof DateColumn date ? date.format() : null;
    return new Schema.Field(
        column.name(),
        column.type(),
        column.missing() > 0,
        categories,
        Schema.Role.FEATURE,
        null,
        false,
        List.of(),
        dates);
  }

  @ParameterizedTest
  @ValueSource(strings = {"snappy.parquet", "plain.parquet", "delta.parquet"})
  void rowsOfAKnownSchemaAreThoseOfCsv(String name) throws IOException {
    Schema schema = schema(csv("rows.csv", reading()));
    Table parquet =
        parquet(
            name,
            TableBuilder.declared(schema, true, MissingTokens.NONE, ByteBudget.unbounded())
                .ignoringUnknown());
    Table csv =
        csv(
            "rows.csv",
            TableBuilder.declared(schema, true, MissingTokens.NONE, ByteBudget.unbounded())
                .ignoringUnknown());
    assertThat(kept(parquet)).isEqualTo(kept(csv));
  }

  @Test
  void momentsOf96BitsAreOnTheClockOfUtc() throws IOException {
    Table parquet = parquet("int96.parquet", reading());
    Table csv = csv("rows.csv", reading());
    Column at = parquet.required("at");
    assertThat(at.type()).isEqualTo(ColumnType.DATE);
    for (int row = 0; row < csv.rows(); row++) {
      assertThat(Double.compare(at.cell(row), csv.required("at").cell(row))).isZero();
    }
    assertThat(String.valueOf(at.json(0))).endsWith("Z");
  }

  /// NaN is a missing cell because it is a token, and else a text.
  @Test
  void nanIsNotNull() throws IOException {
    Table table = parquet("nan.parquet", TableBuilder.Reading.of(new MissingTokens(List.of())));
    Column column = table.required("x");
    assertThat(column.type()).isEqualTo(ColumnType.CATEGORICAL);
    assertThat(Cells.of(column).subList(0, 5))
        .containsExactly("1.5", "NaN", "missing", "Infinity", "-0.25");
    Table tokens =
        parquet(
            "nan.parquet", TableBuilder.Reading.of(new MissingTokens(List.of("NaN", "Infinity"))));
    assertThat(Cells.of(tokens, "x").subList(0, 5))
        .containsExactly(1.5, "missing", "missing", "missing", -0.25);
  }

  @Test
  void aUuidIsItsText() throws IOException {
    assertThat(Cells.of(parquet("uuid.parquet", reading()), "u"))
        .containsExactly("01000000-0000-0000-0000-00000000004d");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          list.parquet      | column 'list': the Parquet file has a list there, and only flat columns are read
          struct.parquet    | column 'inner': the Parquet file has a structure there, and only flat columns are read
          map.parquet       | column 'map': the Parquet file has a map there, and only flat columns are read
          binary.parquet    | column 'blob': the Parquet file has BYTE_ARRAY without a logical type there, which is not read
          half.parquet      | column 'half': the Parquet file has FLOAT16 there, which is not read
          lz4.parquet       | column 'x': the Parquet file is compressed by LZ4_RAW, which is not read; write it with snappy, gzip, zstd or none
          brotli.parquet    | column 'x': the Parquet file is compressed by BROTLI, which is not read; write it with snappy, gzip, zstd or none
          encrypted.parquet | the Parquet file is encrypted, which is not read
          no-rows.parquet   | the Parquet file must have at least 1 row, has 0
          """)
  void refusesByName(String name, String detail) {
    assertThatThrownBy(() -> parquet(name, reading()))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ProblemCode.INVALID_DATA);
              assertThat(e.detail()).isEqualTo(detail);
            });
  }

  @Test
  void aNestedColumnThatIsNotNeededIsPassedOver() throws IOException {
    Table numbers =
        parquet(
            "nan.parquet", TableBuilder.Reading.of(new MissingTokens(List.of("NaN", "Infinity"))));
    Schema schema = of(List.of(numbers.required("x")));
    for (String name : List.of("list.parquet", "struct.parquet", "map.parquet")) {
      Table table =
          parquet(
              name,
              TableBuilder.declared(schema, true, MissingTokens.NONE, ByteBudget.unbounded())
                  .ignoringUnknown());
      assertThat(Cells.of(table, "x")).as(name).containsExactly(1L, 2L);
    }
  }
}
