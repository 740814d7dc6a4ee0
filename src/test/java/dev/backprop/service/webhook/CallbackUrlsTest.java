package dev.backprop.service.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.problem.ProblemException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackUrlsTest {

  private final CallbackUrls urls =
      new CallbackUrls(List.of("hooks.example.com", "10.0.0.7", "[::1]"), true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example.com",
        "http://hooks.example.com/",
        "http://hooks.example.com:8080/a/b?token=x&y=%20",
        "HTTPS://HOOKS.example.com:1/",
        "http://10.0.0.7:65535/x",
        "http://[::1]:9000/"
      })
  void allowsTheHostsOfTheList(String url) {
    assertThatCode(() -> urls.check(url)).doesNotThrowAnyException();
    assertThat(urls.allow(URI.create(url))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://example.com/|must have a host of backprop.webhook.allowed-hosts, has 'example.com'",
        "http://a.hooks.example.com/|has 'a.hooks.example.com'",
        "http://hooks.example.com.evil.org/|has 'hooks.example.com.evil.org'",
        "http://hooks.example.com./|has 'hooks.example.com.'",
        "http://127.0.0.1/|has '127.0.0.1'",
        "http://010.0.0.7/|has",
        "http://0xa.0.0.7/|must have a host",
        "http://167772167/|must have a host",
        "http://[::ffff:10.0.0.7]/|has '[::ffff:10.0.0.7]'",
        "ftp://hooks.example.com/|must begin with http:// or https://, has the scheme 'ftp'",
        "file:///etc/passwd|has the scheme 'file'",
        "hooks.example.com/x|has no scheme",
        "//hooks.example.com/x|has no scheme",
        "''|has no scheme",
        "http:|must be a URL: Expected scheme-specific part at character 6",
        "http:///x|must have a host",
        "http:hooks.example.com|must have a host",
        "http://user@hooks.example.com/|must have no user part",
        "http://user:word@hooks.example.com/|must have no user part",
        "http://@hooks.example.com/|must have no user part",
        "http://evil.org\\@hooks.example.com/|must be a URL",
        "http://hooks.example.com:0/|must have a port from 1 to 65535, has 0",
        "http://hooks.example.com:65536/|must have a port from 1 to 65535, has 65536",
        "http://hooks.example.com:http/|must have a host",
        "http://hooks.example.com/#a|must have no fragment",
        "http://hooks.example.com/a b|must have no blanks",
        "http://hooks.example.com/ä|must have no blanks and only characters of ASCII",
        "http://hooks.example.com/%zz|must be a URL"
      })
  void refusesTheRestWithAPointer(String url, String why) {
    assertThatThrownBy(() -> urls.check(url))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal -> {
              assertThat(refusal.code().status()).isEqualTo(422);
              assertThat(refusal.errors())
                  .singleElement()
                  .extracting("pointer")
                  .isEqualTo("/callback");
            })
        .hasMessageContaining(why);
  }

  @Test
  void refusesWhatIsTooLong() {
    String longest = "http://hooks.example.com/" + "x".repeat(1_975);
    assertThatCode(() -> urls.check(longest)).doesNotThrowAnyException();
    assertThatThrownBy(() -> urls.check(longest + "x"))
        .hasMessageContaining("must have at most 2000 characters, has 2001");
  }

  @Test
  void needsASecretAndAHost() {
    assertThatCode(() -> CallbackUrls.NONE.check(null)).doesNotThrowAnyException();
    assertThatThrownBy(() -> new CallbackUrls(List.of("h"), false).check("http://h/"))
        .hasMessageContaining("backprop.webhook.secret is not set");
    assertThatThrownBy(() -> new CallbackUrls(List.of(), true).check("http://h/"))
        .hasMessageContaining("backprop.webhook.allowed-hosts names no host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://h", "h:80", "h/x", "*", "", "a b", "u@h"})
  void anAllowedHostThatIsNoneStopsTheStart(String host) {
    assertThatThrownBy(() -> new WebhookProperties(List.of(host), "s"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("had '" + host + "'");
  }

  @Test
  void theSecretIsNotTold() {
    assertThat(new WebhookProperties(List.of("h"), "hush"))
        .hasToString("WebhookProperties[allowedHosts=[h]]");
    assertThat(new WebhookProperties(List.of("h"), " ").secret()).isNull();
  }
}
