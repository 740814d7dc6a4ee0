package dev.backprop.platform.security;

import dev.backprop.platform.artifact.ModelName;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.CallerLimits;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.keys.Keys;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;

/// Says who the caller with a token is: its subject, the highest of the roles that it names, and
/// the models that it is limited to.
final class TokenCallers implements Converter<Jwt, CallerToken> {

  private static final String MODELS = "backprop_models";
  private static final int MOST_SUBJECT = 255;

  private final Converter<Jwt, Collection<GrantedAuthority>> authorities;
  private final String prefix;
  private final CallerLimits limits;
  private final Keys keys;

  /// @param authorities what a token says of roles
  /// @param prefix that stands before a role there; empty if nothing does
  /// @param limits of each caller
  TokenCallers(
      Converter<Jwt, Collection<GrantedAuthority>> authorities,
      String prefix,
      CallerLimits limits,
      Keys keys) {
    this.authorities = authorities;
    this.prefix = prefix;
    this.limits = limits;
    this.keys = keys;
  }

  /// @throws BadCredentialsException with a detail for the client, if the token names no caller
  /// @throws ProblemException 403 if it names no role
  @Override
  public CallerToken convert(Jwt token) {
    return new CallerToken(new Caller(subject(token), role(token), models(token), limits));
  }

  private String subject(Jwt token) {
    String subject = token.getSubject();
    if (subject == null || subject.isBlank() || subject.length() > MOST_SUBJECT) {
      throw new BadCredentialsException(
          "the token must name its caller by the claim sub, of 1 to %d characters, had %d"
              .formatted(MOST_SUBJECT, subject == null ? 0 : subject.length()));
    }
    if (!Caller.isPrintable(subject)) {
      throw new BadCredentialsException(
          "the claim sub of the token must have only characters that can be printed");
    }
    // Whoever could choose a subject could pass for the owner of what the key has made.
    if (keys.isKnown(subject)) {
      throw new BadCredentialsException("the claim sub of the token is the id of a key");
    }
    return subject;
  }

  private Role role(Jwt token) {
    return named(token).stream()
        .map(authority -> String.valueOf(authority.getAuthority()))
        .map(this::withoutPrefix)
        .flatMap(name -> Role.ofJson(name).stream())
        .max(Comparator.naturalOrder())
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemCode.FORBIDDEN,
                    "the token names none of the roles predict, train and admin"));
  }

  private Collection<GrantedAuthority> named(Jwt token) {
    try {
      Collection<GrantedAuthority> named = authorities.convert(token);
      return named == null ? List.of() : List.copyOf(named);
    } catch (RuntimeException e) {
      // Spring takes it for granted that a list has texts.
      throw new BadCredentialsException(
          "the claim of the token that has the roles must be a text or a list of texts", e);
    }
  }

  /// Some issuers write the prefix themselves.
  private String withoutPrefix(String authority) {
    String name = authority;
    while (!prefix.isEmpty() && name.startsWith(prefix)) {
      name = name.substring(prefix.length());
    }
    return name;
  }

  private static List<String> models(Jwt token) {
    Object claim = token.getClaim(MODELS);
    List<?> all =
        switch (claim) {
          case null -> List.of();
          case String one -> List.of(one);
          case Collection<?> several -> List.copyOf(several);
          default -> throw noModels(String.valueOf(claim.getClass().getSimpleName()));
        };
    // Nothing in a list would be no limit, where it may be meant as the tightest.
    if (claim != null && all.isEmpty()) {
      throw noModels("an empty list");
    }
    if (all.size() > Caller.MOST_PREFIXES) {
      throw noModels(all.size() + " of them");
    }
    return all.stream().map(TokenCallers::model).toList();
  }

  private static String model(@Nullable Object prefix) {
    if (prefix instanceof String text && ModelName.isValid(text)) {
      return text;
    }
    throw noModels("one that is none");
  }

  private static BadCredentialsException noModels(String found) {
    return new BadCredentialsException(
        "the claim %s of the token must be the beginning of names of models or a list of 1 to %d of them, was %s"
            .formatted(MODELS, Caller.MOST_PREFIXES, found));
  }
}
