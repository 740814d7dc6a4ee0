package dev.backprop.platform.http;

import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.limits.OutOfMemory;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.CloseNowException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Turns what went wrong into an answer.
@Component
record ProblemAnswers(JsonMapper json) {

  private static final MediaType CSV = MediaType.parseMediaType("text/csv");

  private static final Logger log = LoggerFactory.getLogger(ProblemAnswers.class);

  /// Answers a fault: those of the client with what they are, others with an id under which the log
  /// has them.
  ///
  /// @throws CloseNowException if a part of another answer is on its way already: whoever reads it
  ///   must see it break off
  void answer(Throwable fault, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    OutOfMemory.check(fault);
    if (clientHasGone(fault)) {
      return;
    }
    ProblemException problem = problem(fault, request, response);
    if (problem == null) {
      String id = UUID.randomUUID().toString();
      log.error("Fault {} at {} {}", id, request.getMethod(), request.getRequestURI(), fault);
      problem = new ProblemException(ProblemCode.INTERNAL_ERROR, "the log tells more under " + id);
    }
    if (containerAnswers(request, response)) {
      return;
    }
    if (response.isCommitted()) {
      log.info(
          "The answer to {} {} broke off: {}",
          request.getMethod(),
          request.getRequestURI(),
          problem.detail());
      throw new CloseNowException(problem.detail());
    }
    write(response, problem.problem(request.getRequestURI()), problem.retryAfter());
  }

  /// Answers with a problem, as `application/problem+json` whatever `Accept` says.
  ///
  /// @param retryAfter null for no such header
  void write(HttpServletResponse response, Problem problem, @Nullable Duration retryAfter)
      throws IOException {
    response.resetBuffer();
    response.setStatus(problem.status());
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (retryAfter != null) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(wholeSeconds(retryAfter)));
    }
    byte[] body = json.writeValueAsBytes(problem);
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static long wholeSeconds(Duration duration) {
    return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
  }

  /// The problem of an answer of which nothing is known but its status.
  ///
  /// @param status one that has no code of its own becomes 400 or 500
  /// @param fault of the path or the query, if a 400 has one
  static Problem ofStatus(int status, @Nullable String instance, @Nullable String fault) {
    ProblemCode code =
        switch (status) {
          case 404 -> ProblemCode.NOT_FOUND;
          case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
          case 406 -> ProblemCode.NOT_ACCEPTABLE;
          case 408 -> ProblemCode.REQUEST_TIMEOUT;
          case 413 -> ProblemCode.TOO_LARGE;
          case 414 -> ProblemCode.URI_TOO_LONG;
          case 415 -> ProblemCode.UNSUPPORTED_MEDIA_TYPE;
          case 431 -> ProblemCode.HEADERS_TOO_LARGE;
          // Of what a client said: a transfer coding, a version of HTTP.
          case 501, 505 -> ProblemCode.BAD_REQUEST;
          case 503 -> ProblemCode.BUSY;
          default -> status < 500 ? ProblemCode.BAD_REQUEST : ProblemCode.INTERNAL_ERROR;
        };
    String detail =
        switch (code) {
          case NOT_FOUND -> "there is no such path";
          case BAD_REQUEST ->
              fault != null
                  ? fault
                  : "the request line, a header or the length of the body is malformed";
          case INTERNAL_ERROR -> "the log tells more";
          default -> code.when();
        };
    return Problem.of(code, detail, instance, List.of());
  }

  /// Whether the container has met the fault itself, in the body, and answers by the error page
  /// with a status of its own. The fault that it keeps would make that a 500.
  private static boolean containerAnswers(
      HttpServletRequest request, HttpServletResponse response) {
    if (response.getStatus() < 400
        || request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) == null) {
      return false;
    }
    request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
    return true;
  }

  private static boolean clientHasGone(@Nullable Throwable fault) {
    for (Throwable t = fault; t != null; t = t.getCause()) {
      if (t instanceof ClientAbortException || t instanceof AsyncRequestNotUsableException) {
        return true;
      }
    }
    return false;
  }

  /// @return null for a fault of the service
  private static @Nullable ProblemException problem(
      Throwable fault, HttpServletRequest request, HttpServletResponse response) {
    return switch (fault) {
      case ProblemException e -> e;
      case InvalidSpecException e -> JsonProblems.of(e);
      case JacksonException e -> JsonProblems.of(e);
      case HttpMessageNotReadableException e -> notReadable(e);
      case MissingServletRequestParameterException e ->
          new ProblemException(
              ProblemCode.MISSING_PARAMETER, e.getParameterName() + ": is required");
      case MissingRequestHeaderException e ->
          e.getHeaderName().equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)
              ? new ProblemException(
                  ProblemCode.UNSUPPORTED_MEDIA_TYPE, "the Content-Type is missing")
              : new ProblemException(
                  ProblemCode.MISSING_PARAMETER, e.getHeaderName() + ": is required");
      case MethodArgumentTypeMismatchException e -> mismatch(e);
      case InvalidParameterException _ ->
          new ProblemException(ProblemCode.BAD_REQUEST, query(request.getQueryString()));
      case HttpRequestMethodNotSupportedException e -> methodNotAllowed(e, response);
      case HttpMediaTypeNotSupportedException e ->
          new ProblemException(
              ProblemCode.UNSUPPORTED_MEDIA_TYPE,
              "the Content-Type must be %s, %s%s"
                  .formatted(
                      StringUtils.collectionToDelimitedString(e.getSupportedMediaTypes(), " or "),
                      e.getContentType() == null ? "is missing" : "was " + e.getContentType(),
                      advice(e)));
      case HttpMediaTypeNotAcceptableException e ->
          new ProblemException(
              ProblemCode.NOT_ACCEPTABLE,
              "the answer can be had as "
                  + StringUtils.collectionToDelimitedString(
                      e.getSupportedMediaTypes().isEmpty()
                          ? List.of(MediaType.APPLICATION_JSON)
                          : e.getSupportedMediaTypes(),
                      " or "));
      case NoResourceFoundException _, NoHandlerFoundException _ ->
          new ProblemException(ProblemCode.NOT_FOUND, "there is no such path");
      // Of the actuator.
      case ErrorResponseException e when e.getStatusCode().is4xxClientError() ->
          new ProblemException(
              ProblemCode.INVALID_PARAMETER, "a parameter has an impossible value or is missing");
      default -> null;
    };
  }

  private static String query(@Nullable String query) {
    String fault = query == null ? null : TargetFault.inQuery(query);
    return fault == null ? "the query is malformed" : fault;
  }

  /// What to do about the type that curl gives to every body of `-d`.
  private static String advice(HttpMediaTypeNotSupportedException e) {
    if (!MediaType.APPLICATION_FORM_URLENCODED.isCompatibleWith(e.getContentType())) {
      return "";
    }
    return e.getSupportedMediaTypes().contains(CSV)
        ? "; curl sends a file as it is by --data-binary @file and -H 'Content-Type: text/csv'"
        : "; curl says what a body is by -H 'Content-Type: application/json'";
  }

  private static @Nullable ProblemException notReadable(HttpMessageNotReadableException e) {
    return switch (e.getCause()) {
      case ProblemException problem -> problem;
      case JacksonException json -> JsonProblems.of(json);
      case null -> new ProblemException(ProblemCode.MALFORMED_JSON, "the body is empty");
      default -> null;
    };
  }

  private static ProblemException mismatch(MethodArgumentTypeMismatchException e) {
    Class<?> type = e.getRequiredType();
    String expected =
        type == boolean.class || type == Boolean.class
            ? "true or false"
            : type == MediaType.class ? "a media type" : "a whole number";
    return new ProblemException(
        ProblemCode.INVALID_PARAMETER,
        "%s: must be %s, was '%s'"
            .formatted(e.getName(), expected, Excerpt.of(String.valueOf(e.getValue()))));
  }

  private static ProblemException methodNotAllowed(
      HttpRequestMethodNotSupportedException e, HttpServletResponse response) {
    String allowed =
        Optional.ofNullable(e.getSupportedHttpMethods())
            .map(methods -> StringUtils.collectionToDelimitedString(methods, ", "))
            .orElse(HttpMethod.GET.name());
    response.setHeader(HttpHeaders.ALLOW, allowed);
    return new ProblemException(
        ProblemCode.METHOD_NOT_ALLOWED, "must be %s, was %s".formatted(allowed, e.getMethod()));
  }
}
