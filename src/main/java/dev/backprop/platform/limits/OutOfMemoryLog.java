package dev.backprop.platform.limits;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/// Tells [OutOfMemory] of errors that are caught and only logged: Tomcat does so if a connection
/// meets one, thread pools and the database's libraries do.
public final class OutOfMemoryLog extends TurboFilter {

  private OutOfMemoryLog() {}

  /// Looks at everything that is logged from here on.
  public static void watch() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.addTurboFilter(new OutOfMemoryLog());
    }
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    OutOfMemory.check(thrown);
    if (parameters != null
        && parameters.length > 0
        && parameters[parameters.length - 1] instanceof Throwable last) {
      OutOfMemory.check(last);
    }
    return FilterReply.NEUTRAL;
  }
}
