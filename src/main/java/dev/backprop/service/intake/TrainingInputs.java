package dev.backprop.service.intake;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Target;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The data sets that a training learns from, and what their columns are for. All of it is decided
/// when the training is accepted.
///
/// @param data what it learns from
/// @param validation rows to validate on that were given apart; null to take them from the data
/// @param fields what the columns are for; null if the data are bare numbers
/// @param missing the texts that stand for a missing cell; null if the data are bare numbers
/// @param weighted whether the last column of bare numbers has weights
/// @param activate whether the version that comes of it becomes the current one
/// @param sha256 of the data as they were sent, in hexadecimal
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingInputs(
    Rows data,
    @Nullable Rows validation,
    @Nullable List<Schema.Field> fields,
    @Nullable List<String> missing,
    boolean weighted,
    boolean activate,
    String sha256) {

  /// One table of a training. It is an uploaded data set, or one of which some columns are read
  /// otherwise, or rows that came with the request.
  ///
  /// @param dataset the id of the uploaded data set; null if the rows came with the request
  /// @param own the id of a data set that is the training's alone. It has the columns that are read
  ///   otherwise than the uploaded data set has them, or all columns of rows that came with the
  ///   request; null if there are none
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rows(@Nullable String dataset, @Nullable String own) {}

  /// The uploaded data sets that it needs.
  @JsonIgnore
  public List<String> datasets() {
    return Stream.of(data, validation)
        .flatMap(Stream::ofNullable)
        .map(Rows::dataset)
        .flatMap(Stream::ofNullable)
        .distinct()
        .toList();
  }

  /// Null if the data are bare numbers.
  public @Nullable Schema schema(Target target) {
    return fields == null
        ? null
        : new Schema(fields, target, new MissingTokens(Objects.requireNonNull(missing)));
  }
}
