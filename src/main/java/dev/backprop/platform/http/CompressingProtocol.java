package dev.backprop.platform.http;

import java.util.Collections;
import java.util.regex.Pattern;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;

/// HTTP as Tomcat speaks it, but an answer with a strong entity tag is compressed, too: its tag
/// becomes weak, because the bytes are others. And who says `gzip;q=0` gets no gzip.
///
/// Tomcat makes it by its name.
public final class CompressingProtocol extends Http11NioProtocol {

  private static final String ETAG = "ETag";
  private static final String WEAK = "W/";
  private static final Pattern NO_GZIP =
      Pattern.compile("(?i).*\\bgzip\\s*;\\s*q\\s*=\\s*0(\\.0*)?\\s*(,.*)?");

  @Override
  public boolean useCompression(Request request, Response response) {
    long length = response.getContentLengthLong();
    if (length >= 0 && length < getCompressionMinSize()) {
      return false;
    }
    MimeHeaders headers = response.getMimeHeaders();
    @Nullable String tag = headers.getHeader(ETAG);
    boolean isStrong = tag != null && !tag.startsWith(WEAK);
    if (isStrong) {
      headers.setValue(ETAG).setString(WEAK + tag);
    }
    boolean compresses = super.useCompression(request, response);
    if (compresses && refusesGzip(request)) {
      headers.removeHeader("Content-Encoding");
      response.setContentLength(length);
      compresses = false;
    }
    if (isStrong && !compresses) {
      headers.setValue(ETAG).setString(tag);
    }
    return compresses;
  }

  private static boolean refusesGzip(Request request) {
    return Collections.list(request.getMimeHeaders().values("Accept-Encoding")).stream()
        .anyMatch(value -> NO_GZIP.matcher(value).matches());
  }
}
