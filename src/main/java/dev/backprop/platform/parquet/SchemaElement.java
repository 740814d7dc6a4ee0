package dev.backprop.platform.parquet;

import org.jspecify.annotations.Nullable;

/// A node of a file's schema, as parquet.thrift has it. A number is -1 if it is absent.
final class SchemaElement {

  /// The name of a logical type in the union `LogicalType`, by its field.
  private static final String[] LOGICAL = {
    "",
    "STRING",
    "MAP",
    "LIST",
    "ENUM",
    "DECIMAL",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "",
    "INTEGER",
    "UNKNOWN",
    "JSON",
    "BSON",
    "UUID",
    "FLOAT16",
    "VARIANT",
    "GEOMETRY",
    "GEOGRAPHY"
  };

  private static final String[] CONVERTED = {
    "STRING",
    "MAP",
    "MAP",
    "LIST",
    "ENUM",
    "DECIMAL",
    "DATE",
    "TIME_MILLIS",
    "TIME_MICROS",
    "TIMESTAMP_MILLIS",
    "TIMESTAMP_MICROS",
    "UINT_8",
    "UINT_16",
    "UINT_32",
    "UINT_64",
    "INT_8",
    "INT_16",
    "INT_32",
    "INT_64",
    "JSON",
    "BSON",
    "INTERVAL"
  };

  private static final int REPEATED = 2;
  private static final int MAX_SCALE = 400;

  int type = -1;
  int length;
  int repetition;
  String name = "";
  int children;
  private int converted = -1;
  private int scale;
  private int logical;
  private int unit;
  private boolean utc = true;
  private boolean signed = true;

  static SchemaElement read(Thrift thrift, int of) {
    SchemaElement element = new SchemaElement();
    thrift.struct(of, (id, type) -> element.field(thrift, id, type));
    return element;
  }

  private void field(Thrift thrift, int id, int of) {
    switch (id) {
      case 1 -> type = thrift.i32(of);
      case 2 -> length = thrift.i32(of);
      case 3 -> repetition = thrift.i32(of);
      case 4 -> name = thrift.text(of);
      case 5 -> children = thrift.i32(of);
      case 6 -> converted = thrift.i32(of);
      case 7 -> scale = thrift.i32(of);
      case 10 -> thrift.struct(of, (which, type) -> logical(thrift, which, type));
      default -> thrift.skip(of);
    }
  }

  private void logical(Thrift thrift, int which, int of) {
    logical = which;
    thrift.struct(
        of,
        (id, type) -> {
          switch (which) {
            case 5 -> { // DECIMAL
              if (id == 1) {
                scale = thrift.i32(type);
              } else {
                thrift.skip(type);
              }
            }
            case 7, 8 -> { // TIME, TIMESTAMP
              if (id == 1) {
                utc = thrift.bool(type);
              } else {
                thrift.struct(
                    type,
                    (part, empty) -> {
                      unit = part;
                      thrift.skip(empty);
                    });
              }
            }
            case 10 -> { // INTEGER
              if (id == 2) {
                signed = thrift.bool(type);
              } else {
                thrift.skip(type);
              }
            }
            default -> thrift.skip(type);
          }
        });
  }

  boolean isRepeated() {
    return repetition == REPEATED;
  }

  boolean isRequired() {
    return repetition == 0;
  }

  /// The name of the logical type as errors have it, empty if there is none.
  String logicalName() {
    if (logical > 0) {
      return logical < LOGICAL.length ? LOGICAL[logical] : "of a newer version";
    }
    return converted < 0
        ? ""
        : converted < CONVERTED.length ? CONVERTED[converted] : "of a newer version";
  }

  /// What the values mean; null if they are not read.
  @Nullable Meaning meaning(Physical physical) {
    return switch (logicalName()) {
      case "" -> plain(physical);
      case "STRING", "ENUM", "JSON" ->
          physical == Physical.BYTE_ARRAY || physical == Physical.FIXED_LEN_BYTE_ARRAY
              ? new Meaning.Text()
              : null;
      case "DECIMAL" -> decimal(physical);
      case "DATE" -> physical == Physical.INT32 ? new Meaning.Day() : null;
      case "TIME" -> physical == time(unit) ? new Meaning.TimeOfDay(perSecond(unit)) : null;
      case "TIME_MILLIS" -> physical == Physical.INT32 ? new Meaning.TimeOfDay(1000) : null;
      case "TIME_MICROS" -> physical == Physical.INT64 ? new Meaning.TimeOfDay(1_000_000) : null;
      case "TIMESTAMP" ->
          physical == Physical.INT64 && unit >= 1 && unit <= 3
              ? new Meaning.Moment(perSecond(unit), utc)
              : null;
      case "TIMESTAMP_MILLIS" -> physical == Physical.INT64 ? new Meaning.Moment(1000, true) : null;
      case "TIMESTAMP_MICROS" ->
          physical == Physical.INT64 ? new Meaning.Moment(1_000_000, true) : null;
      case "INTEGER" -> integer(physical, !signed);
      case "UINT_8", "UINT_16", "UINT_32", "UINT_64" -> integer(physical, true);
      case "INT_8", "INT_16", "INT_32", "INT_64" -> integer(physical, false);
      case "UNKNOWN" -> plain(physical) == null ? new Meaning.Text() : plain(physical);
      case "UUID" ->
          physical == Physical.FIXED_LEN_BYTE_ARRAY && length == 16 ? new Meaning.Uuid() : null;
      default -> null;
    };
  }

  private static @Nullable Meaning plain(Physical physical) {
    return switch (physical) {
      case BOOLEAN -> new Meaning.Truth();
      case INT32, INT64 -> new Meaning.Numeric(false, 0);
      case FLOAT, DOUBLE -> new Meaning.Numeric(false, 0);
      case INT96 -> new Meaning.Moment(1_000_000_000, true);
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> null;
    };
  }

  private static @Nullable Meaning integer(Physical physical, boolean unsigned) {
    return physical == Physical.INT32 || physical == Physical.INT64
        ? new Meaning.Numeric(unsigned, 0)
        : null;
  }

  private @Nullable Meaning decimal(Physical physical) {
    boolean stored =
        switch (physical) {
          case INT32, INT64, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> true;
          case BOOLEAN, INT96, FLOAT, DOUBLE -> false;
        };
    return stored && scale >= 0 && scale <= MAX_SCALE ? new Meaning.Numeric(false, scale) : null;
  }

  private static Physical time(int unit) {
    return unit == 1 ? Physical.INT32 : Physical.INT64;
  }

  private static long perSecond(int unit) {
    return unit == 1 ? 1000 : unit == 2 ? 1_000_000 : 1_000_000_000;
  }
}
