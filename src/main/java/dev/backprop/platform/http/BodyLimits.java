package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;

/// How long a body may be, in decoded bytes.
///
/// @param json of JSON requests
/// @param upload of data sets in any form, and of CSV and NDJSON
record BodyLimits(long json, long upload) {

  /// The limit of this request's body.
  long of(HttpServletRequest request) {
    String type = request.getContentType();
    boolean isJson = type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
    return isJson && !PlainPath.of(request).equals(Paths.DATASETS) ? json : upload;
  }
}
