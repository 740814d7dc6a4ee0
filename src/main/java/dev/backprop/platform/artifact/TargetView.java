package dev.backprop.platform.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.json.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model predicts, as clients see it.
///
/// @param task `classification`, `regression`, or for bare numbers `numbers`
/// @param names the target columns; null for bare numbers
/// @param classes the classes of the one target column, or 0 and 1 if several are answered so; else
///   null
/// @param outputs how many bare numbers are answered; null if the target has names
/// @param inferred whether the task was inferred from the data
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TargetView(
    @Values(names = {CLASSIFICATION, REGRESSION, NUMBERS}) String task,
    @Nullable List<String> names,
    @Nullable List<Label> classes,
    @Nullable Integer outputs,
    boolean inferred) {

  public static final String CLASSIFICATION = "classification";
  public static final String REGRESSION = "regression";
  public static final String NUMBERS = "numbers";

  /// What a text takes beside its characters, in a list and as a label.
  private static final long TEXT_BYTES = 80;

  public static TargetView of(ModelDraft draft) {
    return of(draft.predictor().scorer().target(), draft.targetInferred());
  }

  /// About what it takes in memory.
  public long bytes() {
    long bytes = 200;
    for (String name : names == null ? List.<String>of() : names) {
      bytes += TEXT_BYTES + 2L * name.length();
    }
    for (Label label : classes == null ? List.<Label>of() : classes) {
      bytes += TEXT_BYTES + 2L * label.text().length();
    }
    return bytes;
  }

  /// What the columns of a schema ask for. Several quantiles of a number are the network's to say.
  public Target target() {
    if (outputs != null) {
      return new Target.Bare(outputs);
    }
    List<String> columns = names == null ? List.of() : names;
    if (task.equals(REGRESSION)) {
      return new Target.Numbers(columns);
    }
    return columns.size() == 1 && classes != null
        ? new Target.Classes(columns.getFirst(), classes)
        : new Target.MultiLabel(columns, classes != null);
  }

  public static TargetView of(Target target, boolean inferred) {
    return switch (target) {
      case Target.Classes(String name, List<Label> classes) ->
          new TargetView(CLASSIFICATION, List.of(name), classes, null, inferred);
      case Target.MultiLabel labels ->
          new TargetView(
              CLASSIFICATION,
              labels.names(),
              labels.numbers() ? labels.classes() : null,
              null,
              inferred);
      case Target.Quantiles(String name, _) ->
          new TargetView(REGRESSION, List.of(name), null, null, inferred);
      case Target.Numbers(List<String> names) ->
          new TargetView(REGRESSION, names, null, null, inferred);
      case Target.Bare(int width) -> new TargetView(NUMBERS, null, null, width, false);
    };
  }
}
