package dev.backprop.service.dataset;

import dev.backprop.platform.limits.HeapShare;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/// @param maxBytes that data sets and the tables of trainings may hold together; 28 % of the heap
///   unless given
@ConfigurationProperties("backprop.dataset")
record DatasetProperties(@Nullable DataSize maxBytes) {

  long bytes() {
    return HeapShare.DATASETS.bytes(maxBytes);
  }
}
