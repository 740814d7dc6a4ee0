package dev.backprop.engine.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabelTest {

  @Test
  void keepsTheJsonTypeOfTheData() {
    assertThat(Label.text("2007").json()).isEqualTo("2007");
    assertThat(Label.number(2007.0).json()).isEqualTo(2007L);
    assertThat(Label.number(0.5).json()).isEqualTo(0.5);
    assertThat(Label.number(1e300).json()).isEqualTo(1e300);
    assertThat(Label.bool(true).json()).isEqualTo(true);
    assertThat(Label.bool(false).json()).isEqualTo(false);
  }

  @Test
  void textIsCanonical() {
    assertThat(Label.number(-0.0)).isEqualTo(Label.number(0)).hasToString("0");
    assertThat(Label.number(9007199254740992.0)).hasToString("9007199254740992");
    assertThat(Label.number(9007199254740994.0)).hasToString("9007199254740994");
  }

  @Test
  void numbersComeByValueAndFirst() {
    assertThat(
            java.util.stream.Stream.of(
                    Label.text("b"),
                    Label.number(10),
                    Label.bool(true),
                    Label.number(9),
                    Label.text("10"),
                    Label.bool(false))
                .sorted())
        .containsExactly(
            Label.number(9),
            Label.number(10),
            Label.text("10"),
            Label.text("b"),
            Label.bool(false),
            Label.bool(true));
  }
}
