package dev.backprop.platform.openapi;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Role;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// The ways to say who calls, and with each operation the role that it needs, as OpenAPI 3.1 lets
/// schemes of all types name roles. An operation that answers without a key needs none.
final class DescribedRoles {

  private static final Map<String, SecurityScheme> SCHEMES =
      new TreeMap<>(
          Map.of(
              "apiKey",
              new SecurityScheme()
                  .type(SecurityScheme.Type.APIKEY)
                  .in(SecurityScheme.In.HEADER)
                  .name("X-API-Key")
                  .description("A key of the API"),
              "basic",
              new SecurityScheme()
                  .type(SecurityScheme.Type.HTTP)
                  .scheme("basic")
                  .description("A key's id as the user, the key as the password"),
              "bearer",
              new SecurityScheme()
                  .type(SecurityScheme.Type.HTTP)
                  .scheme("bearer")
                  .description("A key of the API, or a JWT of the issuer that the service knows")));

  private final RequestMappingHandlerMapping methods;

  DescribedRoles(RequestMappingHandlerMapping methods) {
    this.methods = methods;
  }

  /// @param api complete but for the roles
  void describe(OpenAPI api) {
    SCHEMES.forEach(api.getComponents()::addSecuritySchemes);
    Map<String, Role> roles = roles();
    api.getPaths()
        .forEach(
            (path, item) ->
                item.readOperationsMap()
                    .forEach((method, operation) -> describe(operation, method, path, roles)));
  }

  private static void describe(
      Operation operation, PathItem.HttpMethod method, String path, Map<String, Role> roles) {
    Role role = roles.get(method + " " + path);
    operation.setSecurity(
        role == null
            ? List.of()
            : SCHEMES.keySet().stream()
                .map(scheme -> new SecurityRequirement().addList(scheme, role.json()))
                .toList());
  }

  /// By method and path.
  private Map<String, Role> roles() {
    Map<String, Role> roles = new HashMap<>();
    methods
        .getHandlerMethods()
        .forEach(
            (mapping, method) -> {
              Allowed allowed = method.getMethodAnnotation(Allowed.class);
              if (allowed != null) {
                mapping
                    .getMethodsCondition()
                    .getMethods()
                    .forEach(
                        verb ->
                            Objects.requireNonNull(mapping.getPathPatternsCondition())
                                .getPatternValues()
                                .forEach(path -> roles.put(verb + " " + path, allowed.value())));
              }
            });
    return roles;
  }
}
