package dev.backprop.service.dataset;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.MultipartStream.MalformedStreamException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;

/// The field `file` of a form (RFC 7578), read as it arrives: nothing of it is buffered or written
/// to disk. Other fields stand before it.
final class FormFile {

  private static final int MAX_FIELDS = 2_000;
  private static final int MAX_FIELD_BYTES = 1 << 16;

  private final HttpServletRequest request;
  private final List<String> known;

  /// Reads the file while it arrives.
  interface Content<T> {

    /// @param type of the file, by what the form says of it
    /// @param fields that stand before the file, values by names
    T read(InputStream in, BodyType type, Map<String, List<String>> fields) throws IOException;
  }

  /// @param known the fields that may stand before the file
  FormFile(HttpServletRequest request, List<String> known) {
    this.request = request;
    this.known = known;
  }

  /// @throws ProblemException if the form is malformed, has no field `file`, has unknown fields, or
  ///   any behind the file
  <T> T read(Content<T> content) throws IOException {
    try {
      FileItemIterator items = new FileUpload().getItemIterator(new ServletRequestContext(request));
      Map<String, List<String>> fields = new LinkedHashMap<>();
      FileItemStream file = file(items, fields);
      T read;
      try (InputStream in = file.openStream()) {
        read = content.read(in, BodyType.ofFile(file.getContentType(), file.getName()), fields);
      }
      if (items.hasNext()) {
        throw malformed(
            "must end with its field 'file', has '%s' behind it: that must stand before the file"
                .formatted(Excerpt.of(String.valueOf(items.next().getFieldName()))));
      }
      return read;
    } catch (FileUploadException _) {
      throw malformed("is malformed");
    } catch (MalformedStreamException _) {
      throw malformed("ends before its last boundary");
    }
  }

  /// @param fields gets those before the file
  private FileItemStream file(FileItemIterator items, Map<String, List<String>> fields)
      throws FileUploadException, IOException {
    for (int count = 0; items.hasNext(); count++) {
      FileItemStream field = items.next();
      String name = String.valueOf(field.getFieldName());
      if (name.equals("file")) {
        return field;
      }
      if (!known.contains(name)) {
        throw malformed(
            "must have a field 'file' and may have %s before it, has '%s'"
                .formatted(String.join(", ", known), Excerpt.of(name)));
      }
      if (count == MAX_FIELDS) {
        throw malformed("must have at most %d fields, has more".formatted(MAX_FIELDS));
      }
      fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(text(name, field));
    }
    throw malformed("must have a field 'file', has none");
  }

  private static String text(String name, FileItemStream field) throws IOException {
    try (InputStream in = field.openStream()) {
      byte[] bytes = in.readNBytes(MAX_FIELD_BYTES + 1);
      if (bytes.length > MAX_FIELD_BYTES) {
        throw malformed(
            "has more than %d bytes in the field '%s'".formatted(MAX_FIELD_BYTES, name));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw malformed("must be UTF-8, the field '%s' has other bytes".formatted(name));
    }
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(ProblemCode.MALFORMED_DATA, "the form " + detail);
  }
}
