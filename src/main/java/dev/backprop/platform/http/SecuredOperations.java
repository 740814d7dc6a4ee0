package dev.backprop.platform.http;

import io.swagger.v3.oas.models.OpenAPI;

/// Says in the description of the API who may call what.
public interface SecuredOperations {

  /// @param api complete but for that
  void describe(OpenAPI api);
}
