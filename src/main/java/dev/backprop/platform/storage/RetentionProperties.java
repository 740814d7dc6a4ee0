package dev.backprop.platform.storage;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.validation.annotation.Validated;

/// How old things may become; 0 means that they are kept however old they are. A number without a
/// unit is one of days.
///
/// @param versions of models
/// @param datasets that were uploaded
@Validated
@ConfigurationProperties("backprop.retention")
public record RetentionProperties(
    @DurationMin @DurationUnit(ChronoUnit.DAYS) @DefaultValue("0s") Duration versions,
    @DurationMin @DurationUnit(ChronoUnit.DAYS) @DefaultValue("0s") Duration datasets) {}
