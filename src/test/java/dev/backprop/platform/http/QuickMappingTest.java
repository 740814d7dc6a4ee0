package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/// Every method of the service is found by its path, whoever is asked first.
class QuickMappingTest extends ServiceTest {

  @Autowired private RequestMappingHandlerMapping requestMappingHandlerMapping;

  @Test
  void findsEveryMethodThatThereIs() throws Exception {
    assertThat(requestMappingHandlerMapping).isInstanceOf(QuickMapping.class);
    int found = 0;
    for (Map.Entry<RequestMappingInfo, HandlerMethod> entry :
        requestMappingHandlerMapping.getHandlerMethods().entrySet()) {
      for (String pattern : entry.getKey().getPatternValues()) {
        for (RequestMethod method : entry.getKey().getMethodsCondition().getMethods()) {
          String type =
              entry.getKey().getConsumesCondition().getConsumableMediaTypes().stream()
                  .findFirst()
                  .map(Objects::toString)
                  .orElse("application/json");
          MockHttpServletRequest request =
              request(method.name(), pattern.replaceAll("\\{\\w+}", "1"), type);
          entry.getKey().getProducesCondition().getProducibleMediaTypes().stream()
              .findFirst()
              .ifPresent(wanted -> request.addHeader("Accept", wanted.toString()));
          assertThat(handler(request).getMethod())
              .as("%s %s", method, pattern)
              .isEqualTo(entry.getValue().getMethod());
          assertThat(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE))
              .hasToString(pattern);
          found++;
        }
      }
    }
    assertThat(found).isGreaterThan(25);
  }

  private HandlerMethod handler(MockHttpServletRequest request) throws Exception {
    return (HandlerMethod)
        Objects.requireNonNull(requestMappingHandlerMapping.getHandler(request)).getHandler();
  }

  private static MockHttpServletRequest request(String method, String path, String type) {
    MockHttpServletRequest request = new MockHttpServletRequest(method, path);
    request.setContentType(type);
    ServletRequestPathUtils.parseAndCache(request);
    return request;
  }

  @ParameterizedTest
  @CsvSource({
    "/actuator/health, 200",
    "/actuator/metrics/jvm.memory.used, 200",
    "/swagger-ui/index.html, 200",
    "/v3/api-docs, 200",
    "/v3/api-docs.yaml, 200",
    "/api/v1/models, 200",
    "/api/v1/models/, 404",
    "/api/v1//models, 400",
    "/api/v1/models;x=y, 400",
    "/api/v1/%6dodels, 200",
    "/api/v1/models/a/b/c/d, 404",
    "/api/v1/models/x/evaluations, 405"
  })
  void whatIsNotItsOwnIsFoundAsBefore(String path, int status) {
    assertThat(get(path).statusCode()).as(path).isEqualTo(status);
  }
}
