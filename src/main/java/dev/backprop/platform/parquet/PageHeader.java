package dev.backprop.platform.parquet;

/// What stands before a page.
final class PageHeader {

  /// The number of [Encoding#RLE].
  private static final int RLE = 3;

  static final int DATA = 0;
  static final int DICTIONARY = 2;
  static final int DATA_V2 = 3;

  /// The largest page. Writers make pages of about 1 MB, some of 100 MB.
  static final int MAX_BYTES = 128 << 20;

  int type = -1;
  int size = -1;
  int compressed = -1;
  boolean hasChecksum;
  int checksum;
  int values = -1;
  int encoding = -1;

  /// Of the levels that say which cells are missing; in the first version only.
  int levelEncoding = RLE;

  /// In the second version only: the bytes of levels, which are not compressed.
  int levelBytes;

  int repetitionBytes;
  boolean isCompressed = true;

  static PageHeader read(Thrift thrift) {
    PageHeader header = new PageHeader();
    thrift.struct((id, type) -> header.field(thrift, id, type));
    header.check();
    return header;
  }

  private void field(Thrift thrift, int id, int of) {
    switch (id) {
      case 1 -> type = thrift.i32(of);
      case 2 -> size = thrift.i32(of);
      case 3 -> compressed = thrift.i32(of);
      case 4 -> {
        checksum = thrift.i32(of);
        hasChecksum = true;
      }
      case 5 -> thrift.struct(of, (part, type) -> first(thrift, part, type));
      case 7 -> thrift.struct(of, (part, type) -> dictionary(thrift, part, type));
      case 8 -> thrift.struct(of, (part, type) -> second(thrift, part, type));
      default -> thrift.skip(of);
    }
  }

  private void first(Thrift thrift, int id, int of) {
    switch (id) {
      case 1 -> values = thrift.i32(of);
      case 2 -> encoding = thrift.i32(of);
      case 3 -> levelEncoding = thrift.i32(of);
      default -> thrift.skip(of);
    }
  }

  private void dictionary(Thrift thrift, int id, int of) {
    switch (id) {
      case 1 -> values = thrift.i32(of);
      case 2 -> encoding = thrift.i32(of);
      default -> thrift.skip(of);
    }
  }

  private void second(Thrift thrift, int id, int of) {
    switch (id) {
      case 1 -> values = thrift.i32(of);
      case 4 -> encoding = thrift.i32(of);
      case 5 -> levelBytes = thrift.i32(of);
      case 6 -> repetitionBytes = thrift.i32(of);
      case 7 -> isCompressed = thrift.bool(of);
      default -> thrift.skip(of);
    }
  }

  boolean hasValues() {
    return type == DATA || type == DATA_V2;
  }

  private void check() {
    Faults.atMost(size, MAX_BYTES, "a page");
    Faults.atMost(compressed, MAX_BYTES, "a page");
    if ((hasValues() || type == DICTIONARY) && values < 0) {
      throw Faults.damaged("has a page with %d values".formatted(values));
    }
    if (repetitionBytes != 0 || levelBytes < 0 || levelBytes > Math.min(size, compressed)) {
      throw Faults.damaged(
          "has a page of %d bytes with %d and %d bytes of levels"
              .formatted(size, repetitionBytes, levelBytes));
    }
  }
}
