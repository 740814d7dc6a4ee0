package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, 127.0.0.1, true",
    "127.0.0.0/8, 128.0.0.1, false",
    "172.16.0.0/12, 172.31.255.255, true",
    "172.16.0.0/12, 172.32.0.0, false",
    "172.16.0.0/12, 172.15.255.255, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.4, false",
    "10.1.2.3/31, 10.1.2.2, true",
    "0.0.0.0/0, 203.0.113.7, true",
    "0.0.0.0/0, ::1, false",
    "::1, 0:0:0:0:0:0:0:1, true",
    "::1, 127.0.0.1, false",
    "fc00::/7, fd12:3456::1, true",
    "fc00::/7, fe80::1, false",
    "fe80::/10, fe80:0:0:0:1:2:3:4%eth0, true",
    "fe80::/10, fec0::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "127.0.0.1, ::ffff:127.0.0.1, true"
  })
  void hasTheAddressesThatBeginWithItsBits(String block, String address, boolean contained) {
    assertThat(AddressBlock.anyContains(List.of(AddressBlock.of(block)), address))
        .isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "10",
        "10.1",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.256",
        "::1/129",
        "fe80::1%eth0",
        "10.0.0.0/8/8",
        "0x7f.0.0.1",
        "*",
        "fc00::g/7",
        "1:2:3"
      })
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> AddressBlock.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
