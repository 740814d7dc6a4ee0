package dev.backprop.service.dataset;

import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is said about an upload: in the query, or in fields of a form before its file.
///
/// @param data what the data set is called, and who sees it
/// @param body how the bytes are written
/// @param columns how some columns are read
record UploadParameters(NameParameters data, BodyParameters body, ColumnParameters columns) {

  private static final List<String> LISTS = List.of("categorical", "keep");

  static final List<String> FIELDS =
      List.of(
          "name",
          "shared",
          "description",
          "tags",
          "delimiter",
          "header",
          "decimal",
          "thousands",
          "missing",
          "categorical",
          "keep");

  /// The parameters with those of a form.
  ///
  /// @param fields values by names, each one of [#FIELDS]
  /// @throws ProblemException 400 if something is said twice
  UploadParameters with(Map<String, List<String>> fields) {
    fields.forEach(
        (field, values) -> {
          if (values.size() > 1 && !LISTS.contains(field)) {
            throw repeated(
                field, "must be given once, was given %d times".formatted(values.size()));
          }
        });
    return new UploadParameters(
        new NameParameters(
            one("name", data.name(), fields),
            one("shared", data.shared(), fields),
            one("description", data.description(), fields),
            one("tags", data.tags(), fields)),
        new BodyParameters(
            one("delimiter", body.delimiter(), fields),
            one("header", body.header(), fields),
            one("decimal", body.decimal(), fields),
            one("thousands", body.thousands(), fields),
            one("missing", body.missing(), fields)),
        new ColumnParameters(
            all("categorical", columns.categorical(), fields),
            all("keep", columns.keep(), fields)));
  }

  private static @Nullable String one(
      String field, @Nullable String query, Map<String, List<String>> fields) {
    List<String> values = all(field, query == null ? List.of() : List.of(query), fields);
    return values.isEmpty() ? null : values.getFirst();
  }

  private static List<String> all(
      String field, List<String> query, Map<String, List<String>> fields) {
    List<String> values = fields.getOrDefault(field, List.of());
    if (!query.isEmpty() && !values.isEmpty()) {
      throw repeated(field, "must be given once, was given in the query and in the form");
    }
    return values.isEmpty() ? query : values;
  }

  private static ProblemException repeated(String field, String detail) {
    return new ProblemException(ProblemCode.REPEATED_PARAMETER, field + ": " + detail);
  }

  /// @param caller whose the data set will be
  /// @throws ProblemException 400 if the name is missing, or something cannot be
  UploadReader reader(Caller caller) {
    String name = data.name();
    if (name == null) {
      throw new ProblemException(
          ProblemCode.MISSING_PARAMETER, "name: is required; in a form it stands before the file");
    }
    return new UploadReader(
        DatasetName.checked(name),
        new Ownership(caller.id(), isShared()),
        Notes.ofQuery(data.description(), data.tags()),
        body,
        columns);
  }

  private boolean isShared() {
    return switch (data.shared()) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw DataProblems.invalidParameter(
              "shared: must be true or false, was '%s'".formatted(Excerpt.of(data.shared())));
    };
  }
}
