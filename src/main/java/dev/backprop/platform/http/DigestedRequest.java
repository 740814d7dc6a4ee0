package dev.backprop.platform.http;

import dev.backprop.platform.storage.Sha256;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A request whose body is digested as it is read.
final class DigestedRequest extends HttpServletRequestWrapper {

  private final MessageDigest digest = Sha256.digest();
  private @Nullable Stream stream;
  private @Nullable String fingerprint;

  DigestedRequest(HttpServletRequest request) {
    super(request);
    String head = PlainPath.of(request) + '?' + request.getQueryString() + '\n';
    digest.update((head + request.getContentType() + '\n').getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (stream == null) {
      stream = new Stream(getRequest().getInputStream(), digest);
    }
    return stream;
  }

  /// Of the whole request; reads what nobody has read.
  String fingerprint() throws IOException {
    if (fingerprint == null) {
      getInputStream().skip(Long.MAX_VALUE);
      fingerprint = Sha256.hex(digest);
    }
    return fingerprint;
  }

  private static final class Stream extends ServletInputStream {

    private final ServletInputStream body;
    private final InputStream digested;

    Stream(ServletInputStream body, MessageDigest digest) {
      this.body = body;
      this.digested = new DigestInputStream(body, digest);
    }

    @Override
    public int read() throws IOException {
      return digested.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return digested.read(into, offset, length);
    }

    @Override
    public boolean isFinished() {
      return body.isFinished();
    }

    @Override
    public boolean isReady() {
      return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      body.setReadListener(listener);
    }
  }
}
