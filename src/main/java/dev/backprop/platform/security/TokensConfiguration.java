package dev.backprop.platform.security;

import dev.backprop.platform.caller.SecurityProperties;
import dev.backprop.platform.keys.Keys;
import java.time.Clock;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.JwkSetUriJwtDecoderBuilderCustomizer;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.JwtGrantedAuthoritiesConverter;
import org.springframework.util.CollectionUtils;

/// Tokens of an issuer, which Spring Boot's properties of resource servers name.
@Configuration(proxyBeanMethods = false)
class TokensConfiguration {

  /// Unless properties name another claim.
  private static final String ROLES = "roles";

  /// What Spring puts before authorities that an expression finds.
  private static final String PREFIX_OF_EXPRESSIONS = "SCOPE_";

  @Bean
  JwkSetUriJwtDecoderBuilderCustomizer issuerRequests(Clock clock) {
    return builder -> builder.restOperations(new IssuerRequests(clock).client());
  }

  @Bean
  TokenAuthentication tokenAuthentication(
      OAuth2ResourceServerProperties properties,
      SecurityProperties security,
      Keys keys,
      ObjectProvider<JwtDecoder> decoder,
      ObjectProvider<JwtAuthenticationConverter> expressions) {
    OAuth2ResourceServerProperties.Jwt jwt = properties.getJwt();
    if (jwt.getIssuerUri() == null
        && jwt.getJwkSetUri() == null
        && jwt.getPublicKeyLocation() == null) {
      return new TokenAuthentication(null);
    }
    boolean byExpressions = !CollectionUtils.isEmpty(jwt.getAuthoritiesClaimExpressions());
    Converter<Jwt, Collection<GrantedAuthority>> authorities =
        byExpressions ? byExpressions(expressions.getObject()) : byClaim(jwt);
    JwtAuthenticationProvider tokens = new JwtAuthenticationProvider(decoder.getObject());
    tokens.setJwtAuthenticationConverter(
        new TokenCallers(
            authorities,
            Objects.requireNonNullElse(
                jwt.getAuthorityPrefix(), byExpressions ? PREFIX_OF_EXPRESSIONS : ""),
            security.token().limits(),
            keys));
    return new TokenAuthentication(tokens);
  }

  private static Converter<Jwt, Collection<GrantedAuthority>> byExpressions(
      JwtAuthenticationConverter converter) {
    return token -> Objects.requireNonNull(converter.convert(token)).getAuthorities();
  }

  private static Converter<Jwt, Collection<GrantedAuthority>> byClaim(
      OAuth2ResourceServerProperties.Jwt jwt) {
    JwtGrantedAuthoritiesConverter claim = new JwtGrantedAuthoritiesConverter();
    claim.setAuthoritiesClaimName(Objects.requireNonNullElse(jwt.getAuthoritiesClaimName(), ROLES));
    claim.setAuthorityPrefix(Objects.requireNonNullElse(jwt.getAuthorityPrefix(), ""));
    @Nullable String delimiter = jwt.getAuthoritiesClaimDelimiter();
    if (delimiter != null) {
      claim.setAuthoritiesClaimDelimiter(delimiter);
    }
    return claim;
  }
}
