package dev.backprop.platform.storage;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// @param maxBytes that bodies in the data directory, which are there while they are read, may have
///   together
@Validated
@ConfigurationProperties("backprop.spool")
record SpoolProperties(@Min(1) @DefaultValue("4GB") DataSize maxBytes) {}
