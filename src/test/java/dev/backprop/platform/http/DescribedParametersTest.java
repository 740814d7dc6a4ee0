package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

class DescribedParametersTest extends ServiceTest {

  @Autowired
  @Qualifier(HttpConfiguration.METHODS)
  private RequestMappingHandlerMapping methods;

  @Test
  void theDescriptionHasTheParametersThatAreTaken() {
    JsonNode api = body(get("/v3/api-docs"));
    methods
        .getHandlerMethods()
        .forEach(
            (mapping, method) ->
                operations(mapping)
                    .filter(operation -> operation.contains(" /api/"))
                    .filter(_ -> !method.hasMethodAnnotation(FreeParameters.class))
                    .forEach(
                        operation ->
                            assertThat(parameters(api, operation, "query"))
                                .as(operation)
                                .isEqualTo(StrictParameters.queryOf(method))));
  }

  private static Stream<String> operations(RequestMappingInfo mapping) {
    return mapping.getPatternValues().stream()
        .flatMap(
            path ->
                mapping.getMethodsCondition().getMethods().stream()
                    .map(method -> method.name() + " " + path));
  }

  private static Set<String> parameters(JsonNode api, String operation, String in) {
    String[] parts = operation.split(" ", -1);
    Set<String> names = new TreeSet<>();
    for (JsonNode parameter :
        api.path("paths")
            .path(parts[1])
            .path(parts[0].toLowerCase(Locale.ROOT))
            .path("parameters")) {
      JsonNode said = api.at(parameter.path("$ref").asString().substring(1));
      assertThat(said.path("description").asString("")).as(said.toString()).isNotBlank();
      if (said.path("in").asString().equals(in)) {
        names.add(said.path("name").asString());
      }
    }
    return names;
  }
}
