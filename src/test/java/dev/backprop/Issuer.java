package dev.backprop;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import tools.jackson.databind.json.JsonMapper;

/// Spring Authorization Server, which gives tokens to a client as a test wants them.
final class Issuer implements AutoCloseable {

  private static final String CLIENT = "tester:secret";

  private final ConfigurableApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();

  private Issuer(ConfigurableApplicationContext context) {
    this.context = context;
  }

  static Issuer start() {
    return new Issuer(
        new SpringApplicationBuilder(Server.class)
            .properties("server.port=0", "server.address=127.0.0.1", "spring.config.name=issuer")
            .run());
  }

  String uri() {
    return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
  }

  String keys() {
    return uri() + "/oauth2/jwks";
  }

  /// How often its keys were asked for.
  int asked() {
    return server().asked.get();
  }

  RSAPublicKey publicKey() throws com.nimbusds.jose.JOSEException {
    return ((RSAKey) server().signing.getKeys().getFirst()).toRSAPublicKey();
  }

  private Server server() {
    return context.getBean(Server.class);
  }

  /// Signs with another key from now on, and publishes that alone.
  void rotate() {
    server().signing = Server.another();
  }

  /// @param claims that the token has, or has in another way than usual; one with an empty text is
  ///   left out
  String token(Map<String, Object> claims) {
    server().claims = claims;
    String basic = Base64.getEncoder().encodeToString(CLIENT.getBytes(StandardCharsets.US_ASCII));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri() + "/oauth2/token"))
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError(answer.statusCode() + " " + answer.body());
      }
      return JsonMapper.shared().readTree(answer.body()).path("access_token").asString();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    context.close();
  }

  // No @Configuration: the service's own scan shall not find it.
  @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
  @Import(OAuth2AuthorizationServerConfiguration.class)
  static class Server {

    private final AtomicInteger asked = new AtomicInteger();
    private volatile JWKSet signing = another();
    private volatile Map<String, Object> claims = Map.of();

    static JWKSet another() {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        return new JWKSet(
            new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .keyID(UUID.randomUUID().toString())
                .build());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Bean
    JWKSource<SecurityContext> signingKeys() {
      return (selector, _) -> {
        // Whoever signs looks for one that fits, whoever publishes for all.
        if (selector.getMatcher().getKeyTypes() == null) {
          asked.incrementAndGet();
        }
        return selector.select(signing);
      };
    }

    @Bean
    RegisteredClientRepository clients() {
      return new InMemoryRegisteredClientRepository(
          RegisteredClient.withId("1")
              .clientId("tester")
              .clientSecret("{noop}secret")
              .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
              .build());
    }

    @Bean
    AuthorizationServerSettings settings() {
      return AuthorizationServerSettings.builder().build();
    }

    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> wanted() {
      return context ->
          context
              .getClaims()
              .claims(
                  all -> {
                    all.putAll(claims);
                    all.values().removeIf(""::equals);
                  });
    }
  }
}
