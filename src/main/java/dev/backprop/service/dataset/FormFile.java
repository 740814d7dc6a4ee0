package dev.backprop.service.dataset;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.MultipartStream.MalformedStreamException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;

/// The field `file` of a form (RFC 7578), read as it arrives: nothing of it is buffered or written
/// to disk.
final class FormFile {

  /// Reads the file while it arrives.
  interface Content<T> {

    /// @param contentType of the file, null if the form does not say it
    T read(InputStream in, @Nullable String contentType) throws IOException;
  }

  private FormFile() {}

  /// @throws ProblemException if the form is malformed, has no field `file` or any other field
  static <T> T read(HttpServletRequest request, Content<T> content) throws IOException {
    try {
      FileItemIterator fields =
          new FileUpload().getItemIterator(new ServletRequestContext(request));
      if (!fields.hasNext()) {
        throw malformed("must have a field 'file', has none");
      }
      FileItemStream field = fields.next();
      if (!"file".equals(field.getFieldName())) {
        throw malformed("must have a field 'file' only, has '" + field.getFieldName() + "'");
      }
      T read;
      try (InputStream in = field.openStream()) {
        read = content.read(in, field.getContentType());
      }
      if (fields.hasNext()) {
        throw malformed(
            "must have a field 'file' only, has also '" + fields.next().getFieldName() + "'");
      }
      return read;
    } catch (FileUploadException _) {
      throw malformed("is malformed");
    } catch (MalformedStreamException _) {
      throw malformed("ends before its last boundary");
    }
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(ProblemCode.MALFORMED_DATA, "the form " + detail);
  }
}
