package dev.backprop.platform.storage;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/// Values in text columns, as JSON in ASCII: texts may be anything, half a surrogate pair or a zero
/// as well, which databases do not keep.
public final class StoredJson {

  private final JsonMapper json;

  /// @param json the service's
  public StoredJson(JsonMapper json) {
    this.json =
        json.rebuild()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .addMixIn(EpochReport.class, StrictJson.StoredEpochFields.class)
            .build();
  }

  public String write(Object value) {
    return json.writeValueAsString(value);
  }

  /// @param what it belongs to, in words
  /// @throws ProblemException 500 `storage-corrupt` if it is none
  public <T> T read(String stored, Class<T> type, String what) {
    try {
      return json.readValue(stored, type);
    } catch (JacksonException e) {
      throw Corruption.of(what, e);
    }
  }
}
