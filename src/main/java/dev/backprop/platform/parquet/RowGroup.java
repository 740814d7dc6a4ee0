package dev.backprop.platform.parquet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// Some rows of a file.
record RowGroup(long rows, List<Chunk> chunks) {

  /// Memory of a [Chunk].
  private static final int CHUNK_BYTES = 64;

  /// @param holds is told how many bytes of memory more are needed
  static RowGroup read(Thrift thrift, int of, LongConsumer holds) {
    List<Chunk> chunks = new ArrayList<>();
    long[] rows = {-1};
    thrift.struct(
        of,
        (id, type) -> {
          switch (id) {
            case 1 ->
                thrift.list(
                    type,
                    element -> {
                      holds.accept(CHUNK_BYTES);
                      chunks.add(Chunk.read(thrift, element));
                    });
            case 3 -> rows[0] = thrift.i64(type);
            default -> thrift.skip(type);
          }
        });
    return new RowGroup(rows[0], chunks);
  }
}
