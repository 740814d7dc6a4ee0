package dev.backprop.service.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which trainings a statement is of: conditions on their rows, all of which hold.
final class JdbcTrainingConditions {

  private final StringBuilder where = new StringBuilder();
  private final Map<String, Object> params = new HashMap<>();

  /// Of what a list shows.
  static JdbcTrainingConditions of(TrainingStore.Filter filter) {
    JdbcTrainingConditions conditions = new JdbcTrainingConditions();
    JobState state = filter.state();
    conditions.add("model = :model", "model", filter.model());
    conditions.add("state = :state", "state", state == null ? null : state.json());
    List<String> prefixes = filter.caller().modelPrefixes();
    if (!prefixes.isEmpty()) {
      StringBuilder any = new StringBuilder();
      for (int i = 0; i < prefixes.size(); i++) {
        any.append(i == 0 ? "(" : " OR ")
            .append("substr(model, 1, :length%d) = :prefix%d".formatted(i, i));
        conditions.params.put("length" + i, prefixes.get(i).length());
        conditions.params.put("prefix" + i, prefixes.get(i));
      }
      conditions.add(any.append(')').toString());
    }
    return conditions;
  }

  /// @param value null if there is no such condition
  void add(String condition, String name, @Nullable Object value) {
    if (value != null) {
      add(condition);
      params.put(name, value);
    }
  }

  private void add(String condition) {
    where.append(where.isEmpty() ? " WHERE " : " AND ").append(condition);
  }

  /// From the word WHERE on; empty if there is no condition.
  String where() {
    return where.toString();
  }

  Map<String, Object> params() {
    return params;
  }
}
