package dev.backprop.platform.security;

import dev.backprop.platform.caller.Role;
import dev.backprop.platform.caller.SecurityProperties;
import dev.backprop.platform.http.AllowedHosts;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.keys.Keys;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.ProviderNotFoundException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// What every request passes before its body is read: who sends it, and whether that one may.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecurityProperties.class)
class SecurityConfiguration implements WebMvcConfigurer {

  @Bean
  AnonymousRole anonymousRole(
      SecurityProperties properties, TokenAuthentication tokens, Keys keys) {
    return new AnonymousRole(properties.anonymous(), tokens.hasIssuer(), keys);
  }

  @Bean
  SecurityFilterChain security(
      HttpSecurity http,
      SecurityProperties properties,
      Keys keys,
      TokenAuthentication tokens,
      AnonymousRole anonymous,
      AllowedHosts hosts) {
    OpenPaths open = new OpenPaths(properties.openMetrics());
    AuthenticationFilter credentials =
        new AuthenticationFilter(
            new ProviderManager(List.of(new KeyAuthentication(keys), tokens)), new Credentials());
    credentials.setSuccessHandler(
        (request, _, caller) -> AuditedRequest.keepCaller(request, caller.getName()));
    credentials.setFailureHandler(
        (_, response, fault) -> {
          throw Refusals.unknown(response, fault);
        });
    return http.headers(AbstractHttpConfigurer::disable)
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .anonymous(AbstractHttpConfigurer::disable)
        .sessionManagement(AbstractHttpConfigurer::disable)
        .securityContext(
            context ->
                context.securityContextRepository(new RequestAttributeSecurityContextRepository()))
        .exceptionHandling(
            faults ->
                faults
                    .authenticationEntryPoint(
                        (_, response, _) -> {
                          throw Refusals.absent(response);
                        })
                    .accessDeniedHandler(
                        (_, _, _) -> {
                          throw Refusals.role(Role.ADMIN, CallerToken.caller().role());
                        }))
        // In this order, whatever places Spring Security has for its own.
        .addFilterBefore(credentials, ExceptionTranslationFilter.class)
        .addFilterBefore(new AnonymousCallers(anonymous, hosts), ExceptionTranslationFilter.class)
        .addFilterBefore(new RequestRates(), ExceptionTranslationFilter.class)
        .authorizeHttpRequests(
            requests ->
                requests
                    // Most requests are of the API, which has nothing open below its root.
                    .requestMatchers(OpenPaths::isOfApi)
                    .authenticated()
                    .requestMatchers(open::contain)
                    .permitAll()
                    .requestMatchers("/actuator/**")
                    .hasRole(Role.ADMIN.json())
                    .anyRequest()
                    .authenticated())
        .build();
  }

  /// The service measures whole requests; of every filter of Spring Security nobody wants to know.
  @Bean
  SecurityObservationSettings observations() {
    return SecurityObservationSettings.noObservations();
  }

  /// Spring Security's own, which would refuse parameters and headers only when somebody reads
  /// them, and with a line of the log that has the text as it came. Columns may have such names and
  /// cells.
  @Bean
  HttpFirewall firewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setAllowedParameterNames(_ -> true);
    firewall.setAllowedParameterValues(_ -> true);
    firewall.setAllowedHeaderNames(_ -> true);
    firewall.setAllowedHeaderValues(_ -> true);
    return firewall;
  }

  @Bean
  RequestRejectedHandler rejectedHandler() {
    return (_, _, _) -> {
      throw Refusals.malformed();
    };
  }

  /// There are no users with passwords.
  @Bean
  AuthenticationManager noPasswords() {
    return _ -> {
      throw new ProviderNotFoundException("there are no users with passwords");
    };
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new RoleInterceptor()).addPathPatterns(Paths.API + "/*/**");
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new CallerResolver());
  }
}
