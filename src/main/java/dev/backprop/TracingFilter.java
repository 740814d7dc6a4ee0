package dev.backprop;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/// Leaves out what makes spans while nothing exports them: spring.factories names it. Boot would
/// make them all the same, one for every request, and the service would start later.
final class TracingFilter implements AutoConfigurationImportFilter, EnvironmentAware {

  private static final List<String> TRACING =
      List.of(
          "org.springframework.boot.micrometer.tracing.",
          "org.springframework.boot.opentelemetry.");

  private boolean traces;

  @Override
  public void setEnvironment(Environment environment) {
    traces = environment.getProperty("management.tracing.export.enabled", Boolean.class, true);
  }

  @Override
  public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
    boolean[] kept = new boolean[names.length];
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      kept[i] = traces || name == null || TRACING.stream().noneMatch(name::startsWith);
    }
    return kept;
  }
}
