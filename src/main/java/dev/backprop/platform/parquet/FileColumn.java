package dev.backprop.platform.parquet;

import org.jspecify.annotations.Nullable;

/// A column of a file, or what stands for one if it is nested.
///
/// @param name of the topmost field
/// @param leaves how many columns the file has for it; more or fewer than 1 only if it is nested
/// @param physical null if it is nested
/// @param length bytes of a value of fixed length
/// @param required whether no cell is missing
/// @param meaning null if it is not read
/// @param kind what it is, as errors have it
record FileColumn(
    String name,
    int leaves,
    @Nullable Physical physical,
    int length,
    boolean required,
    @Nullable Meaning meaning,
    String kind) {

  private static final int MAX_LENGTH = 1 << 20;

  static FileColumn nested(SchemaElement element, int leaves) {
    String what = element.logicalName();
    return new FileColumn(
        element.name,
        leaves,
        null,
        0,
        false,
        null,
        what.equals("LIST") || element.isRepeated()
            ? "a list"
            : what.equals("MAP") ? "a map" : what.isEmpty() ? "a structure" : what);
  }

  static FileColumn of(SchemaElement element) {
    if (element.isRepeated()) {
      return nested(element, 1);
    }
    Physical physical = Physical.of(element.type);
    int length =
        physical == Physical.FIXED_LEN_BYTE_ARRAY
            ? Faults.atMost(element.length, MAX_LENGTH, "a value of fixed length")
            : physical.bytes();
    String logical = element.logicalName();
    return new FileColumn(
        element.name,
        1,
        physical,
        length,
        element.isRequired(),
        physical == Physical.FIXED_LEN_BYTE_ARRAY && length == 0 ? null : element.meaning(physical),
        logical.isEmpty() ? "%s without a logical type".formatted(physical) : logical);
  }
}
