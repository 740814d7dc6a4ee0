package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.stream.Collectors;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.web.util.ServletRequestPathUtils;

/// The path of a request as handlers are found by it: decoded, without the parameters of its parts.
/// `/%74rainings;a=b` and `/trainings` are one path, so whoever looks at paths before there is a
/// handler looks at this one.
final class PlainPath {

  private PlainPath() {}

  static String of(HttpServletRequest request) {
    return ServletRequestPathUtils.parse(request).pathWithinApplication().elements().stream()
        .map(PlainPath::plain)
        .collect(Collectors.joining());
  }

  private static String plain(PathContainer.Element element) {
    return element instanceof PathSegment segment ? segment.valueToMatch() : element.value();
  }
}
