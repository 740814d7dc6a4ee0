package dev.backprop.service.job;

import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.table.Schema;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a training learns from.
///
/// @param validation rows to validate on that were given apart; null to take them from the data
/// @param dataset the id of the data set; null if the data came with the request
/// @param validationDataset the same of rows to validate on that were given apart
/// @param inlineBytes what data that came with the request takes; 0 for a data set
/// @param taskInferred whether the task follows from the data and not from the request
/// @param sha256 of the data as it was sent, in hexadecimal
/// @param warnings what the data told about itself
record TrainingSource(
    TrainingData data,
    @Nullable TrainingData validation,
    @Nullable String dataset,
    @Nullable String validationDataset,
    long inlineBytes,
    boolean taskInferred,
    String sha256,
    List<String> warnings) {

  /// The data sets that the training needs.
  List<String> datasets() {
    return Stream.of(dataset, validationDataset).flatMap(Stream::ofNullable).distinct().toList();
  }

  /// What the columns are for; null if there are none.
  @Nullable Schema schema() {
    return data instanceof TrainingData.Rows(_, Schema schema, _) ? schema : null;
  }
}
