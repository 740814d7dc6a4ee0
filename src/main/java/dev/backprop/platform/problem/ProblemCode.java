package dev.backprop.platform.problem;

import java.util.Locale;

/// Every code that an answer's `code` may carry, with its status, its title and when it is given.
///
/// A test holds the README's table to this list.
public enum ProblemCode {
  MALFORMED_JSON(400, "Malformed JSON", "the body is not JSON; names line and column"),
  UNKNOWN_FIELD(400, "Unknown field", "the body has a field that does not exist"),
  DUPLICATE_FIELD(400, "Duplicate field", "an object of the body names a field twice"),
  WRONG_TYPE(400, "Wrong type", "text for a number, 64.7 for an integer, null where none may be"),
  MALFORMED_DATA(
      400,
      "Malformed data",
      "uploaded data cannot be read; names the line, or the column of Parquet"),
  MALFORMED_GZIP(400, "Malformed gzip", "the body is not what its Content-Encoding says"),
  UNKNOWN_PARAMETER(400, "Unknown parameter", "a query parameter does not exist"),
  REPEATED_PARAMETER(400, "Repeated parameter", "a query parameter is given more than once"),
  MISSING_PARAMETER(400, "Missing parameter", "a required query parameter or header is absent"),
  INVALID_PARAMETER(400, "Invalid parameter", "a parameter or header has an impossible value"),
  INVALID_CURSOR(400, "Invalid cursor", "a cursor that no list answered"),
  BAD_REQUEST(400, "Bad request", "the request is not HTTP as the server understands it"),
  UNAUTHORIZED(401, "Unauthorized", "no key or token, or one that is not or no longer valid"),
  FORBIDDEN(403, "Forbidden", "the caller's role, or the names it is limited to, do not allow it"),
  PROTECTED_MODE(
      403,
      "Protected mode",
      "no key exists yet, and the request is not of this machine; see detail"),
  FOREIGN_HOST(403, "Foreign host", "a request without a key has a Host that is not allowed"),
  FOREIGN_ORIGIN(403, "Foreign origin", "a page of another origin sent the request"),
  NOT_FOUND(404, "Not found", "no such path, or nothing has this name or id"),
  METHOD_NOT_ALLOWED(405, "Method not allowed", "the path exists, the method does not; see Allow"),
  NOT_ACCEPTABLE(406, "Not acceptable", "the answer has no form that Accept allows"),
  REQUEST_TIMEOUT(408, "Request timeout", "the body stopped arriving"),
  CONFLICT(409, "Conflict", "the resource is in a state that does not allow it"),
  IN_USE(409, "In use", "a training or a prediction still needs what would be deleted"),
  AMBIGUOUS_NAME(
      409, "Ambiguous name", "several data sets have the name; the problem names their `ids`"),
  IDEMPOTENCY_KEY_IN_USE(
      409, "Idempotency key in use", "a request with the same key is being answered right now"),
  TOO_LARGE(413, "Too large", "a body, a row, a table or a model exceeds a limit and never fits"),
  URI_TOO_LONG(414, "URI too long", "the request line exceeds its limit"),
  UNSUPPORTED_MEDIA_TYPE(
      415, "Unsupported media type", "a Content-Type or Content-Encoding that is not read here"),
  INVALID_SPEC(422, "Invalid specification", "well-formed but impossible; the pointer names it"),
  INVALID_DATA(422, "Invalid data", "well-formed data that cannot be learned from or predicted on"),
  INVALID_ARTIFACT(
      422, "Invalid artifact", "an uploaded model is damaged, or its parts do not fit together"),
  NO_INSIGHTS(
      422, "No insights", "a version that was trained before what this needs of its rows was kept"),
  NO_CALIBRATION(
      422,
      "No calibration",
      "an interval that the version has too few rows for; names both numbers"),
  EXCEEDS_MEMORY(422, "Exceeds memory", "a training that the memory budget can never hold"),
  IDEMPOTENCY_KEY_REUSED(
      422, "Idempotency key reused", "the key was used before with another request"),
  DIVERGED(422, "Diverged", "a training met a number that is not finite; names the epoch"),
  WORKERS_DIED(
      500, "Workers died", "a training was given up after too many processes that ran it had died"),
  CANCELLED(409, "Cancelled", "a training was cancelled"),
  RATE_EXCEEDED(429, "Rate exceeded", "the key's requests a second are used up; see Retry-After"),
  QUOTA_REACHED(
      429,
      "Quota reached",
      "the key's trainings that may wait and run are reached; see Retry-After"),
  QUEUE_FULL(429, "Queue full", "too many trainings wait; see Retry-After"),
  HEADERS_TOO_LARGE(431, "Headers too large", "the request's headers exceed their limit"),
  INTERNAL_ERROR(500, "Internal error", "a fault of the service; the log has it under the same id"),
  STORAGE_CORRUPT(500, "Storage corrupt", "what is stored cannot be read; the log tells more"),
  BUSY(503, "Busy", "too much is being read or computed right now; see Retry-After"),
  SERVICE_STOPPING(503, "Service stopping", "the service is shutting down; see Retry-After"),
  ISSUER_UNAVAILABLE(
      503,
      "Issuer unavailable",
      "the issuer of tokens cannot be asked for its keys; see Retry-After"),
  STORAGE_UNAVAILABLE(
      503, "Storage unavailable", "the database cannot be reached or is too busy; see Retry-After"),
  NEWER_FORMAT(
      503,
      "Newer format",
      "a newer version of the service has stored it, whose processes can answer; see Retry-After"),
  QUOTA_EXCEEDED(507, "Quota exceeded", "the key's stored bytes are used up until it deletes some"),
  REPOSITORY_FULL(507, "Repository full", "no room is left until something is deleted"),
  STORAGE_FULL(507, "Storage full", "the disk or the database has no room left");

  private final int status;
  private final String title;
  private final String when;

  ProblemCode(int status, String title, String when) {
    this.status = status;
    this.title = title;
    this.when = when;
  }

  /// The name in kebab-case, such as `unknown-field`.
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The HTTP status.
  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /// When it is given, in a few words, as the README's table says it.
  public String when() {
    return when;
  }
}
