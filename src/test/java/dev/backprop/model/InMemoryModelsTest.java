package dev.backprop.model;

import java.time.InstantSource;

class InMemoryModelsTest extends ModelsContract {

  @Override
  Models create(long maxBytes, InstantSource clock) {
    return new InMemoryModels(maxBytes, clock);
  }
}
