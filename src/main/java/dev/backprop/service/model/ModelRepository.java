package dev.backprop.service.model;

import java.util.Optional;

/// The repository as this package shows it.
interface ModelRepository extends Models {

  /// What is known of a version, which is not brought back for that.
  ///
  /// @param current what the card says of whether it is the current one
  /// @return empty where there is no such model or version
  Optional<ModelCard> card(String name, int version, boolean current);
}
