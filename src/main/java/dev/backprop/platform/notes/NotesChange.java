package dev.backprop.platform.notes;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A change of notes, as a JSON merge patch says it (RFC 7396): what is left out stays, what is
/// null is removed.
public final class NotesChange {

  /// The type of a body that is a merge patch.
  public static final String MERGE_PATCH = "application/merge-patch+json";

  private static final String DESCRIPTION = "description";
  private static final String TAGS = "tags";

  private final boolean describes;
  private final boolean tags;
  private final Notes said;

  private NotesChange(boolean describes, boolean tags, Notes said) {
    this.describes = describes;
    this.tags = tags;
    this.said = said;
  }

  /// A body, whose fields are those of [Notes].
  record Body(
      @Nullable String description,
      @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<String> tags) {

    Notes notes() {
      return Notes.of(description, tags);
    }
  }

  /// @param json the service's
  /// @throws ProblemException 400 if the body has other fields or types, 422 if there can be no
  ///   such notes
  public static NotesChange of(JsonMapper json, ObjectNode body) {
    try {
      return new NotesChange(
          body.has(DESCRIPTION), body.has(TAGS), json.treeToValue(body, Body.class).notes());
    } catch (InvalidSpecException e) {
      throw JsonProblems.of(e);
    } catch (JacksonException e) {
      throw JsonProblems.of(e);
    }
  }

  /// The notes after the change.
  public Notes of(Notes before) {
    return new Notes(
        describes ? said.description() : before.description(), tags ? said.tags() : before.tags());
  }
}
