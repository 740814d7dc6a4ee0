package dev.backprop.service.dataset;

import dev.backprop.platform.limits.HeapShare;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// @param maxBytes that data sets and the tables of trainings may hold together; 28 % of the heap
///   unless given
@Validated
@ConfigurationProperties("backprop.dataset")
record DatasetProperties(@Min(1) @Nullable DataSize maxBytes) {

  long bytes() {
    return HeapShare.DATASETS.bytes(maxBytes);
  }
}
