package dev.backprop.platform.parquet;

import java.io.IOException;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;

/// Goes through the pages of a chunk. It holds one page, as it is stored and as it is.
final class ChunkBytes {

  private static final int STEP = 1 << 18;
  private static final int MAX_HEADER = 1 << 24;

  private final FileBytes file;
  private final LongConsumer holds;
  private long at;
  private long end;

  /// The bytes from `from` to `until`, of which the first is at `at` in the file.
  private byte[] stored = new byte[0];

  private int from;
  private int until;
  private byte[] page = new byte[0];

  ChunkBytes(FileBytes file, LongConsumer holds) {
    this.file = file;
    this.holds = holds;
  }

  void open(Chunk chunk) {
    at = chunk.at();
    end = chunk.at() + chunk.length();
    from = 0;
    until = 0;
  }

  boolean hasMore() {
    return at < end;
  }

  /// The memory that it holds.
  long bytes() {
    return stored.length + (long) page.length;
  }

  PageHeader header() throws IOException {
    for (int length = 1 << 10; ; length *= 4) {
      int some = (int) Math.min(length, end - at);
      ensure(some);
      try {
        Thrift thrift = new Thrift(stored, from, from + some);
        PageHeader header = PageHeader.read(thrift);
        forward(thrift.at() - from);
        return header;
      } catch (Thrift.CutException _) {
        if (some == end - at || length > MAX_HEADER) {
          throw Faults.damaged("has a page whose header ends before it should");
        }
      }
    }
  }

  /// The values of a page, and its levels if it is of the first version.
  PageBytes page(PageHeader header, Codec codec) throws IOException {
    if (header.compressed > end - at) {
      throw Faults.damaged(
          "has a page of %d bytes where %d are left".formatted(header.compressed, end - at));
    }
    ensure(header.compressed);
    check(header);
    int levels = header.levelBytes;
    int size = header.size;
    page = grown(page, size);
    System.arraycopy(stored, from, page, 0, levels);
    decompress(header, header.isCompressed ? codec : Codec.UNCOMPRESSED);
    forward(header.compressed);
    return new PageBytes(page, 0, size);
  }

  /// Decompresses what is behind the levels.
  private void decompress(PageHeader header, Codec codec) {
    int levels = header.levelBytes;
    int size = header.size - levels;
    int compressed = header.compressed - levels;
    if (size == 0) {
      return;
    }
    if (levels == 0) {
      codec.decompress(stored, from, compressed, page, size);
      return;
    }
    holds.accept(size);
    byte[] values = new byte[size + 1];
    codec.decompress(stored, from + levels, compressed, values, size);
    System.arraycopy(values, 0, page, levels, size);
    holds.accept(-size);
  }

  private void check(PageHeader header) {
    if (header.hasChecksum) {
      CRC32 sum = new CRC32();
      sum.update(stored, from, header.compressed);
      if ((int) sum.getValue() != header.checksum) {
        throw Faults.damaged("has a page whose checksum is not that of its bytes");
      }
    }
  }

  void skip(PageHeader header) {
    if (header.compressed > end - at) {
      throw Faults.damaged(
          "has a page of %d bytes where %d are left".formatted(header.compressed, end - at));
    }
    forward(header.compressed);
  }

  private void forward(int n) {
    at += n;
    from = Math.min(until, from + n);
  }

  /// Has so many bytes in memory.
  private void ensure(int n) throws IOException {
    if (until - from >= n) {
      return;
    }
    int most = (int) Math.min(Math.max(n, STEP), end - at);
    if (stored.length - PageBytes.SPARE - from < most) {
      int kept = until - from;
      byte[] larger = grown(stored, most);
      System.arraycopy(stored, from, larger, 0, kept);
      stored = larger;
      from = 0;
      until = kept;
    }
    file.read(at + (until - from), stored, until, most - (until - from));
    until = from + most;
  }

  /// An array with room for so many bytes and [PageBytes#SPARE] more.
  private byte[] grown(byte[] array, int size) {
    int needed = size + PageBytes.SPARE;
    if (array.length >= needed) {
      return array;
    }
    int length = Math.max(needed, (int) Math.min(PageHeader.MAX_BYTES, 2L * array.length));
    holds.accept(length - array.length);
    return new byte[length];
  }
}
