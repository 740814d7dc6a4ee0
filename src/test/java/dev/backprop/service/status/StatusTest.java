package dev.backprop.service.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The status is what the service does now.
class StatusTest extends ServiceTest {

  private JsonNode status() {
    return body(get("/api/v1/status"));
  }

  @Test
  void tellsOfQueueMemoryProcessesStorageAndKeys() {
    JsonNode status = status();

    assertThat(status.path("queue").path("capacity").asInt()).isPositive();
    assertThat(status.path("processes").asInt()).isEqualTo(1);
    assertThat(status.path("memory").path("heapUsed").asLong())
        .isPositive()
        .isLessThanOrEqualTo(status.path("memory").path("heapMax").asLong());
    assertThat(status.path("storage").path("kind").asString()).isEqualTo("sqlite");
    assertThat(status.has("version")).isTrue();
    assertThat(status.has("commit")).isTrue();
    assertThat(status.path("storage").path("freeBytes").asLong())
        .isPositive()
        .isLessThanOrEqualTo(status.path("storage").path("totalBytes").asLong());
    assertThat(status.path("storage").path("faults").propertyNames()).contains("full", "corrupt");
    assertThat(status.path("keys").path("valid").asInt()).isZero();
    assertThat(status.path("uptimeSeconds").asDouble()).isPositive();
  }

  @Test
  void budgetsHoldWhatIsThere() {
    long before = held("datasets");
    send("POST", "/api/v1/datasets?name=held", "text/csv", "a,b\n" + "1,2\n".repeat(5_000));

    assertThat(held("datasets")).isGreaterThan(before);
  }

  private long held(String name) {
    for (JsonNode budget : status().path("memory").path("budgets")) {
      if (budget.path("name").asString().equals(name)) {
        assertThat(budget.path("held").asLong()).isLessThanOrEqualTo(budget.path("limit").asLong());
        return budget.path("held").asLong();
      }
    }
    throw new AssertionError("no budget " + name + " in " + status());
  }
}
