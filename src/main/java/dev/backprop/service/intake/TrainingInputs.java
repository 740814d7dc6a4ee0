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

/// Where the data of a training are, and what their columns are for: decided when it is accepted.
///
/// @param data what it learns from
/// @param validation rows to validate on that were given apart; null to take them from the data
/// @param fields what the columns are for; null if the data are bare numbers
/// @param missing the texts that stand for a missing cell; null likewise
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

  /// Rows that are a data set, that are one's but for some columns, or that came with the request.
  ///
  /// @param dataset the id of the data set; null if they came with the request
  /// @param own the id of a data set that is the training's alone. It has the columns that are read
  ///   otherwise than the data set has them, or all; null if there are none
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
