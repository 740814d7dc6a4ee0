package dev.backprop.service.prediction;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.service.dataset.Datasets;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/// What answers prediction requests.
@Configuration(proxyBeanMethods = false)
class PredictionConfiguration {

  @Bean
  SinglePredictions singlePredictions(JsonMapper json, Budget inFlight) {
    return new SinglePredictions(json, inFlight);
  }

  @Bean
  ObservedRequests observedRequests(PredictionListener listener) {
    return new ObservedRequests(listener);
  }

  @Bean
  BatchPredictions batchPredictions(JsonMapper json, ComputeSlots slots, Budget inFlight) {
    return new BatchPredictions(json, slots, inFlight);
  }

  @Bean
  BodyRows bodyRows(JsonMapper json, Datasets datasets, ComputeSlots slots, Budget inFlight) {
    return new BodyRows(new RowsReader(json, datasets), slots, inFlight);
  }

  @Bean
  Evaluations evaluations(ComputeSlots slots) {
    return new Evaluations(slots);
  }
}
