package dev.backprop.platform.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {

  /// Python's zlib has computed its check, 1594669182, and that of the other, 200207.
  private static final String KEY = "bp_0aZ9bY8c_0123456789ABCDEFGHIJKLMNOPQRSTUV1jv4Ig";

  private static final String SMALL = "bp_00000000_iJqS2BurCvNVOiFAQRzzMZ0kwkUUUWZE000q59";

  @ParameterizedTest
  @ValueSource(strings = {KEY, SMALL})
  void isReadWithItsCheck(String text) {
    ApiKey key = ApiKey.of(text);

    assertThat(key.id()).isEqualTo(text.substring(3, 11));
    assertThat(key.text()).isEqualTo(text);
    assertThat(key.hash()).matches("[0-9a-f]{64}");
    assertThat(key.toString()).isEqualTo("bp_" + key.id());
  }

  @Test
  void isKeptAsItsSha256() {
    // printf %s KEY | sha256sum
    assertThat(ApiKey.of(KEY).hash())
        .isEqualTo("b76f2b59a59ee2f8b1225094b39b85e8b1f35d994f2416d91ad5b5d3dbe97018");
    assertThat(ApiKey.isSame(ApiKey.of(KEY).hash(), ApiKey.of(KEY).hash())).isTrue();
    assertThat(ApiKey.isSame(ApiKey.of(KEY).hash(), ApiKey.of(SMALL).hash())).isFalse();
  }

  @Test
  void randomOnesAreReadAgain() {
    Random random = new Random(1);
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      ApiKey key = ApiKey.random(random);
      assertThat(key.text()).matches("bp_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}");
      assertThat(ApiKey.of(key.text()).id()).isEqualTo(key.id());
      ids.add(key.id());
      ApiKey other = ApiKey.withId(key.id(), random);
      assertThat(other.id()).isEqualTo(key.id());
      assertThat(other.text()).isNotEqualTo(key.text());
    }
    assertThat(ids).hasSize(2_000);
  }

  /// CRC-32 finds every fault of a single character, and two that are swapped.
  @Test
  void noOtherTextNearbyIsAKey() {
    for (int i = 0; i < KEY.length(); i++) {
      for (char c = '0'; c <= 'z'; c++) {
        String other = KEY.substring(0, i) + c + KEY.substring(i + 1);
        if (!other.equals(KEY)) {
          assertThatThrownBy(() -> ApiKey.of(other))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageNotContaining(other);
        }
      }
    }
    for (int i = 12; i < 48; i++) {
      String swapped =
          KEY.substring(0, i) + KEY.charAt(i + 1) + KEY.charAt(i) + KEY.substring(i + 2);
      assertThatThrownBy(() -> ApiKey.of(swapped)).hasMessageContaining("mistyped");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bp_", "bp_short_x", KEY + "0", " " + KEY, KEY + "\n", "secret"})
  void otherFormsAreNone(String text) {
    assertThatThrownBy(() -> ApiKey.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a key is bp_, 8 letters and digits, _, and 38 more, 50 characters in all; this is another text, of %d",
            text.length());
  }
}
