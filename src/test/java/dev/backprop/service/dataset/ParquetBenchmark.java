package dev.backprop.service.dataset;

import com.sun.management.OperatingSystemMXBean;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.parquet.ParquetTableReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Rows per second of CPU that the readers of CSV and Parquet make a table of, in turns. The CPU is
/// that of the process, with its garbage collector.
final class ParquetBenchmark {

  private static final int PAIRS = 9;
  private static final int WARM_UP = 3;

  /// A small file is read again and again, because the clock of the CPU has steps of 10 ms.
  private static final long ROWS = 1_000_000;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private ParquetBenchmark() {}

  private interface Reader {
    void read(Path file, TableBuilder table) throws IOException;
  }

  private static void csv(Path file, TableBuilder table) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      List<String> _ = CsvTableReader.read(in, CsvOptions.DEFAULT, table);
    }
  }

  private static void parquet(Path file, TableBuilder table) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      List<String> _ = ParquetTableReader.read(channel, table);
    }
  }

  private static double rowsPerSecond(Reader reader, Path file) throws IOException {
    long start = SYSTEM.getProcessCpuTime();
    long rows = 0;
    while (rows < ROWS) {
      TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
      reader.read(file, builder);
      rows += builder.build().rows();
    }
    return rows / ((SYSTEM.getProcessCpuTime() - start) / 1e9);
  }

  private static String spread(double[] values, String format) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (format + " (" + format + " to " + format + ")")
        .formatted(sorted[n / 2], sorted[n / 4], sorted[n - 1 - n / 4]);
  }

  /// @param args pairs of a CSV file and a Parquet file with the same rows
  public static void main(String[] args) throws IOException {
    StringBuilder tables = new StringBuilder();
    for (int at = 0; at < args.length; at += 2) {
      Path csv = Path.of(args[at]);
      Path parquet = Path.of(args[at + 1]);
      double[] ofCsv = new double[PAIRS];
      double[] ofParquet = new double[PAIRS];
      double[] ratios = new double[PAIRS];
      for (int pair = -WARM_UP; pair < PAIRS; pair++) {
        double one = rowsPerSecond(ParquetBenchmark::csv, csv);
        double other = rowsPerSecond(ParquetBenchmark::parquet, parquet);
        System.out.printf(
            "%s %s: CSV %.0f, Parquet %.0f rows per CPU-second, %.2f times%n",
            parquet.getFileName(), pair < 0 ? "warm-up" : pair + 1, one, other, other / one);
        if (pair >= 0) {
          ofCsv[pair] = one;
          ofParquet[pair] = other;
          ratios[pair] = other / one;
        }
      }
      tables.append(
          "| %s | %.1f | %.1f | %s | %s | %s |%n"
              .formatted(
                  parquet.getFileName(),
                  Files.size(csv) / 1e6,
                  Files.size(parquet) / 1e6,
                  spread(ofCsv, "%,.0f"),
                  spread(ofParquet, "%,.0f"),
                  spread(ratios, "%.2f")));
    }
    System.out.println();
    System.out.println(
        "| file | MB of CSV | MB of Parquet | CSV, rows per CPU-second | Parquet | times |");
    System.out.println("|---|---|---|---|---|---|");
    System.out.print(tables);
  }
}
