package dev.backprop.platform.parquet;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Files that are damaged by a seed, and what reading them comes to.
///
/// Run as a program with a number of files and a seed, it damages as many and counts the outcomes.
public final class Mutations {

  /// What a table and its reader may hold.
  private static final long BUDGET = 64 << 20;

  /// What a budget says that is exceeded.
  static final class FullException extends RuntimeException {
    FullException() {
      super("full", null, false, false);
    }
  }

  private final List<byte[]> files = new ArrayList<>();
  private final Path scratch;

  public Mutations(Path directory, Path scratch) throws IOException {
    this.scratch = scratch;
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path :
          paths.filter(path -> path.toString().endsWith(".parquet")).sorted().toList()) {
        files.add(Files.readAllBytes(path));
      }
    }
  }

  /// The file of a seed.
  byte[] mutated(long seed) {
    Random random = new Random(seed);
    byte[] bytes = files.get(random.nextInt(files.size())).clone();
    switch (random.nextInt(5)) {
      case 0 -> flip(bytes, random, 0, bytes.length);
      case 1 -> flip(bytes, random, Math.max(0, bytes.length - footer(bytes) - 8), bytes.length);
      case 2 -> {
        // A cut file whose end is still there.
        int from = random.nextInt(bytes.length);
        int n = random.nextInt(bytes.length - from);
        byte[] shorter = new byte[bytes.length - n];
        System.arraycopy(bytes, 0, shorter, 0, from);
        System.arraycopy(bytes, from + n, shorter, from, bytes.length - from - n);
        bytes = shorter;
      }
      case 3 -> {
        // A part stands where another was.
        int n = random.nextInt(Math.min(64, bytes.length));
        System.arraycopy(
            bytes.clone(),
            random.nextInt(bytes.length - n),
            bytes,
            random.nextInt(bytes.length - n),
            n);
      }
      default -> {
        int at = random.nextInt(bytes.length);
        for (int i = at; i < Math.min(bytes.length, at + 1 + random.nextInt(8)); i++) {
          bytes[i] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
        }
      }
    }
    return bytes;
  }

  private static int footer(byte[] bytes) {
    int at = bytes.length - 8;
    return Math.min(
        bytes.length - 8,
        (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16);
  }

  private static void flip(byte[] bytes, Random random, int from, int to) {
    int flips = 1 + random.nextInt(4);
    for (int i = 0; i < flips; i++) {
      bytes[from + random.nextInt(to - from)] ^= (byte) (1 << random.nextInt(8));
    }
  }

  /// What reading comes to: `read`, the code of a problem, or the fault of a cell. Anything else is
  /// thrown.
  String outcome(byte[] bytes) throws IOException {
    try (SeekableByteChannel channel =
        FileChannel.open(
            scratch,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      int _ = channel.write(ByteBuffer.wrap(bytes));
      ByteBudget budget =
          held -> {
            if (held > BUDGET) {
              throw new FullException();
            }
          };
      TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, budget);
      List<String> _ = ParquetTableReader.read(channel, builder);
      builder.build();
      return "read";
    } catch (ProblemException e) {
      return e.code().code();
    } catch (InvalidDataException e) {
      return e.fault().name();
    } catch (FullException _) {
      return "beyond the budget";
    }
  }

  /// @param args the directory of files, how many, and the first seed
  public static void main(String[] args) throws IOException {
    Path scratch = Files.createTempFile("mutated", ".parquet");
    Mutations mutations = new Mutations(Path.of(args[0]), scratch);
    Map<String, Integer> outcomes = new TreeMap<>();
    long slowest = 0;
    int n = Integer.parseInt(args[1]);
    long first = Long.parseLong(args[2]);
    for (long seed = first; seed < first + n; seed++) {
      long start = System.nanoTime();
      try {
        outcomes.merge(mutations.outcome(mutations.mutated(seed)), 1, Integer::sum);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
    }
    Files.delete(scratch);
    System.out.printf(
        "%d mutations from seed %d: %s, the slowest %.3f s%n", n, first, outcomes, slowest / 1e9);
  }
}
