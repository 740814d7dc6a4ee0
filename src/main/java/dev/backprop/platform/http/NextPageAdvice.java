package dev.backprop.platform.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import org.springframework.web.util.UriUtils;

/// Links each page of a list to the next one (RFC 8288), which is the same request with another
/// cursor.
@RestControllerAdvice
final class NextPageAdvice implements ResponseBodyAdvice<Page<?>> {

  private static final String CURSOR = "cursor";

  @Override
  public boolean supports(
      MethodParameter method, Class<? extends HttpMessageConverter<?>> converter) {
    return method.getParameterType() == Page.class;
  }

  @Override
  public @Nullable Page<?> beforeBodyWrite(
      @Nullable Page<?> page,
      MethodParameter method,
      MediaType type,
      Class<? extends HttpMessageConverter<?>> converter,
      ServerHttpRequest request,
      ServerHttpResponse response) {
    if (page != null
        && page.nextCursor() != null
        && request instanceof ServletServerHttpRequest list) {
      response.getHeaders().add(HttpHeaders.LINK, next(list, page.nextCursor()));
    }
    return page;
  }

  private static String next(ServletServerHttpRequest list, String cursor) {
    String query = list.getServletRequest().getQueryString();
    String kept =
        query == null
            ? ""
            : Arrays.stream(query.split("&"))
                .filter(parameter -> !parameter.isEmpty() && !isCursor(parameter))
                .map(parameter -> parameter + '&')
                .collect(Collectors.joining());
    String path = list.getServletRequest().getRequestURI();
    return '<' + path + '?' + kept + CURSOR + '=' + cursor + ">; rel=\"next\"";
  }

  private static boolean isCursor(String parameter) {
    String name = parameter.split("=", 2)[0];
    return name.equals(CURSOR) || UriUtils.decode(name, StandardCharsets.UTF_8).equals(CURSOR);
  }
}
