package dev.backprop.platform.artifact;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// An artifact as one file: a zip of two entries that are stored as they are, first the document,
/// then the parameters. The document comes first so that whoever reads the file as it comes knows
/// what it takes, and may refuse it, before the parameters are there.
public final class ArtifactZip {

  private static final String DOCUMENT = ArtifactCodec.DOCUMENT;
  private static final String WEIGHTS = ArtifactCodec.WEIGHTS;

  private static final int LOCAL_HEADER = 30;
  private static final int DIRECTORY_ENTRY = 46;
  private static final int DIRECTORY_END = 22;
  private static final int DIRECTORY_END_64 = 56 + 20;
  private static final int DIRECTORY_END_SIGNATURE = 0x06054b50;

  /// More than any directory of two entries needs.
  private static final int MAX_DIRECTORY = 1 << 16;

  private ArtifactZip() {}

  /// A file that is ready to be written.
  public static final class File {

    private final LocalDateTime time;
    private final byte[] document;
    private final Weights weights;
    private final CRC32 documentChecksum = new CRC32();
    private final CRC32 weightsChecksum = new CRC32();

    /// Reads all parameters once, for their checksum, which stands before them in the file.
    public File(ArtifactCodec codec, ModelDraft draft, ModelDocument.Origin origin)
        throws IOException {
      time = LocalDateTime.ofInstant(origin.createdAt(), ZoneOffset.UTC);
      document = codec.document(draft, origin);
      weights = codec.weights(draft.predictor());
      documentChecksum.update(document);
      weights.writeTo(new CheckedOutputStream(OutputStream.nullOutputStream(), weightsChecksum));
    }

    /// Bytes of the file; -1 if they are 4 GiB or more and the zip has longer fields.
    public long length() {
      long names = (long) DOCUMENT.length() + WEIGHTS.length();
      long length =
          2L * (LOCAL_HEADER + DIRECTORY_ENTRY + names)
              + DIRECTORY_END
              + document.length
              + weights.length();
      return length < 0xFFFFFFFFL ? length : -1;
    }

    /// Bytes that it holds beside the model.
    public long heldBytes() {
      return document.length;
    }

    public void writeTo(OutputStream out) throws IOException {
      ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
      zip.putNextEntry(entry(DOCUMENT, document.length, documentChecksum));
      zip.write(document);
      zip.putNextEntry(entry(WEIGHTS, weights.length(), weightsChecksum));
      weights.writeTo(zip);
      zip.finish();
    }

    private ZipEntry entry(String name, long bytes, CRC32 checksum) {
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      entry.setTimeLocal(time);
      entry.setSize(bytes);
      entry.setCrc(checksum.getValue());
      return entry;
    }
  }

  /// A file that is being read. No entry is inflated, so what is read is never more than what came.
  /// Whatever is wrong with the file is `invalid-artifact`.
  public static final class Source {

    private final InputStream in;
    private final ZipInputStream zip;

    /// @param in is read to the last byte of the file, and no further if the file goes on
    public Source(InputStream in) {
      this.in = in;
      // Reads stored entries to their last byte and no further.
      this.zip = new ZipInputStream(in, StandardCharsets.UTF_8);
    }

    /// Begins with the document.
    ///
    /// @return how many bytes it is said to have
    public long begin() throws IOException {
      return next(DOCUMENT);
    }

    /// The document, after [#begin].
    public byte[] document(int bytes) throws IOException {
      byte[] document = new Entry(zip).readNBytes(bytes);
      checkRead(DOCUMENT);
      return document;
    }

    /// The parameters, after the document.
    public InputStream weights() throws IOException {
      next(WEIGHTS);
      return new Entry(zip);
    }

    /// Reads what stands behind the parameters.
    public void end() throws IOException {
      checkRead(WEIGHTS);
      checkDirectory(in.readNBytes(MAX_DIRECTORY + 1));
    }

    private long next(String name) throws IOException {
      ZipEntry entry;
      try {
        entry = zip.getNextEntry();
      } catch (ZipException | EOFException | IllegalArgumentException e) {
        throw damaged(e);
      }
      if (entry == null || !entry.getName().equals(name)) {
        throw fault(
            "must be a zip of %s and then %s, has %s where %s should be"
                .formatted(
                    DOCUMENT,
                    WEIGHTS,
                    entry == null ? "no entry" : "'" + Excerpt.of(entry.getName()) + "'",
                    name));
      }
      if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
        throw new ProblemException(
            ProblemCode.INVALID_ARTIFACT,
            name + ": must be stored in the zip as it is (zip -0), is compressed");
      }
      if (entry.getSize() < 0) { // zip64 has signed ones
        throw new ProblemException(
            ProblemCode.INVALID_ARTIFACT,
            "%s: must have at least 0 bytes, has %d".formatted(name, entry.getSize()));
      }
      return entry.getSize();
    }

    private void checkRead(String name) throws IOException {
      if (new Entry(zip).read() >= 0) {
        throw new ProblemException(
            ProblemCode.INVALID_ARTIFACT, name + ": must end with what it holds, goes on");
      }
    }
  }

  /// An entry of a zip, whose faults are those of whoever sent it.
  private static final class Entry extends FilterInputStream {

    Entry(ZipInputStream zip) {
      super(zip);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return super.read(into, offset, length);
      } catch (ZipException | EOFException e) {
        throw damaged(e);
      }
    }
  }

  private static ProblemException damaged(Exception e) {
    String words = String.valueOf(e.getMessage());
    return fault(
        "is damaged: "
            + (e instanceof EOFException
                ? "it ends too early"
                : words.contains("CRC")
                    ? "an entry has another checksum than the zip says"
                    : words.contains("size")
                        ? "an entry has another length than the zip says"
                        : "what is compressed cannot be read"));
  }

  /// What is behind the entries: the zip's directory, of two entries, and nothing else.
  private static void checkDirectory(byte[] rest) {
    int end = rest.length - DIRECTORY_END;
    if (end < 0 || rest.length > MAX_DIRECTORY) {
      throw fault(
          "must end with a directory of 2 entries, %s bytes follow the second"
              .formatted(end < 0 ? rest.length : "more than " + MAX_DIRECTORY));
    }
    ByteBuffer directory = ByteBuffer.wrap(rest).order(ByteOrder.LITTLE_ENDIAN);
    int entries = directory.getShort(end + 10) & 0xFFFF;
    long bytes = directory.getInt(end + 12) & 0xFFFFFFFFL;
    if (directory.getInt(end) != DIRECTORY_END_SIGNATURE
        || entries != 2
        || (bytes != end && bytes != end - DIRECTORY_END_64)) {
      throw fault(
          "must end with a directory of 2 entries and %d bytes, has one of %d and %d"
              .formatted(end, entries, bytes));
    }
  }

  private static ProblemException fault(String detail) {
    return new ProblemException(ProblemCode.INVALID_ARTIFACT, "the file " + detail);
  }
}
