package dev.backprop.service.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.data.Table;
import dev.backprop.engine.data.Tables;
import org.junit.jupiter.api.Test;

class LiveTablesTest {

  private static final Table TABLE = Tables.csv("a", "1");

  private final LiveTables live = new LiveTables(1_000);

  private Reservation reserved(long bytes) {
    Reservation reservation = live.reserve();
    reservation.holds(bytes);
    return reservation;
  }

  @Test
  void takesRoomOverFromAReservation() {
    Reservation reservation = reserved(600);
    live.put("a", reservation, TABLE);
    assertThat(live.taken()).isEqualTo(600);

    reservation.close();

    assertThat(live.taken()).isEqualTo(600);
    live.drop("a");
    assertThat(live.taken()).isZero();
  }

  @Test
  void aTableThatSomebodyWorksWithIsNotReplaced() {
    Reservation reservation = reserved(300);
    Table pinned = live.pin("a", 300, () -> Tables.csv("a", "1"));
    live.put("a", reservation, TABLE);

    assertThat(live.taken()).isEqualTo(300);
    live.drop("a");
    assertThat(live.pin("a", 300, () -> TABLE)).isSameAs(pinned);
    live.unpin("a");
    live.unpin("a");
    live.drop("a");
    assertThat(live.taken()).isZero();
  }
}
