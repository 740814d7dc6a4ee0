package dev.backprop.platform.parquet;

/// Where the pages of a column of a row group are.
///
/// @param type of its values, as parquet.thrift has it
/// @param codec as parquet.thrift has it
/// @param at the first byte
/// @param length of all pages together
record Chunk(int type, int codec, long values, long at, long length) {

  /// What is read of it, field by field.
  private static final class Fields {
    int type = -1;
    int codec = -1;
    long values = -1;
    long length = -1;
    long data = -1;
    long dictionary = -1;
    boolean found;
    boolean encrypted;
    boolean elsewhere;
  }

  static Chunk read(Thrift thrift, int of) {
    Fields fields = new Fields();
    thrift.struct(
        of,
        (id, type) -> {
          switch (id) {
            case 1 -> {
              thrift.skip(type);
              fields.elsewhere = true;
            }
            case 3 -> {
              thrift.struct(type, (part, kind) -> meta(thrift, fields, part, kind));
              fields.found = true;
            }
            case 8, 9 -> {
              thrift.skip(type);
              fields.encrypted = true;
            }
            default -> thrift.skip(type);
          }
        });
    if (fields.encrypted) {
      throw FileMeta.encrypted();
    }
    if (fields.elsewhere) {
      throw Faults.unread("has columns in other files, which are not there");
    }
    if (!fields.found || fields.data < 0) {
      throw Faults.damaged("does not say where its columns are");
    }
    boolean first = fields.dictionary > 0 && fields.dictionary < fields.data;
    return new Chunk(
        fields.type,
        fields.codec,
        fields.values,
        first ? fields.dictionary : fields.data,
        fields.length);
  }

  private static void meta(Thrift thrift, Fields fields, int id, int type) {
    switch (id) {
      case 1 -> fields.type = thrift.i32(type);
      case 4 -> fields.codec = thrift.i32(type);
      case 5 -> fields.values = thrift.i64(type);
      case 7 -> fields.length = thrift.i64(type);
      case 9 -> fields.data = thrift.i64(type);
      case 11 -> fields.dictionary = thrift.i64(type);
      default -> thrift.skip(type);
    }
  }
}
