package dev.backprop.service.intake;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.service.intake.SchemaRequest.ColumnUse;
import dev.backprop.service.intake.SchemaRequest.TargetTask;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.node.ObjectNode;

/// A request to train, as it was sent. A field is null if the request left it out or said null.
///
/// @param ensemble as [EnsembleMembers] completes it
/// @param callback the URL to call when the training has ended
record TrainingRequest(
    @Nullable String model,
    @Nullable String description,
    @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<String> tags,
    @Nullable Boolean activate,
    @Nullable Data data,
    @Nullable Validation validation,
    @Nullable Start warmStart,
    @Nullable PresetName preset,
    @Nullable Given<EncodingSpec> encoding,
    @Nullable Given<NetworkSpec> network,
    @Nullable Given<TrainingSpec> training,
    @Nullable ObjectNode ensemble,
    @Nullable String callback) {

  TrainingRequest {
    checkText("/model", model);
    checkText("/callback", callback);
    Notes _ = Notes.of(description, tags);
  }

  /// What is said of the version to come.
  Notes notes() {
    return Notes.of(description, tags);
  }

  /// The training data. A request must give exactly one of rows, a data set, and inputs with
  /// targets.
  ///
  /// @param weight the column that says how much each row counts
  /// @param rows read but not yet built into a table, because what cells mean depends on fields
  ///   that may come behind the rows
  /// @param weights how much each row of inputs counts: a single row of numbers
  record Data(
      @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          @JsonSetter(contentNulls = Nulls.FAIL)
          @Nullable List<String> target,
      @Nullable String weight,
      @Nullable TargetTask task,
      @JsonDeserialize(using = StreamedData.Rows.class) @Nullable TableBuilder rows,
      @Nullable String dataset,
      @JsonDeserialize(using = StreamedData.Numbers.class) @Nullable DenseRows inputs,
      @JsonDeserialize(using = StreamedData.Numbers.class) @Nullable DenseRows targets,
      @JsonDeserialize(using = StreamedData.OneRow.class) @Nullable DenseRows weights,
      @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, ColumnUse> columns,
      @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<String> missing,
      @Nullable Split split) {

    Data {
      checkTexts("/target", target);
      checkText("/weight", weight);
      checkText("/dataset", dataset);
      checkTexts("/missing", missing);
      uses(columns).forEach(Data::checkUse);
      splitBy(split);
    }

    /// The rows that have come with the request.
    ///
    /// @param tokens what stands for a missing cell
    Table table(MissingTokens tokens) {
      Set<String> categorical =
          uses(columns).entrySet().stream()
              .filter(use -> use.getValue().type() == ColumnUse.Type.CATEGORICAL)
              .map(Map.Entry::getKey)
              .collect(Collectors.toSet());
      return Objects.requireNonNull(rows).build(tokens, categorical);
    }

    private static void checkUse(String column, ColumnUse use) {
      if (use.type() == null && use.nullable() == null) {
        throw new InvalidSpecException(
            "/columns/" + InvalidSpecException.part(column),
            "must have type or nullable, has neither");
      }
    }

    private static Map<String, ColumnUse> uses(@Nullable Map<String, ColumnUse> columns) {
      return columns == null ? Map.of() : columns;
    }

    /// What the request says of the columns.
    ///
    /// @param otherwise what to do with the target if the request does not say it
    SchemaRequest schema(@Nullable TargetTask otherwise) {
      return new SchemaRequest(
          target == null ? List.of() : target,
          task == null ? otherwise : task,
          uses(columns),
          weight,
          splitBy(split));
    }

    private static @Nullable SplitSpec splitBy(@Nullable Split split) {
      try {
        return split == null ? null : SplitSpec.of(split.group(), split.order());
      } catch (InvalidSpecException e) {
        throw e.under("/split");
      }
    }
  }

  /// How the rows are parted, as [SplitSpec#of] takes it.
  record Split(@Nullable String group, @Nullable String order) {

    Split {
      checkText("/group", group);
      checkText("/order", order);
    }
  }

  record Validation(@Nullable String dataset) {

    Validation {
      checkText("/dataset", dataset);
    }
  }

  /// The version to go on from.
  ///
  /// @param version null means the latest
  record Start(@Nullable String model, @Nullable Integer version) {

    Start {
      checkText("/model", model);
    }
  }

  private static void checkTexts(String pointer, @Nullable List<String> texts) {
    for (int i = 0; texts != null && i < texts.size(); i++) {
      checkText(pointer + "/" + i, texts.get(i));
    }
  }

  /// Refuses a text that neither an answer nor a database could write.
  private static void checkText(String pointer, @Nullable String text) {
    if (text != null && !Excerpt.isWellFormed(text)) {
      throw new InvalidSpecException(pointer, "must be Unicode text, has half of a surrogate pair");
    }
  }
}
