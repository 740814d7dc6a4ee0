package dev.backprop.service.monitoring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param enabled whether the rows that models are asked are counted
@ConfigurationProperties("backprop.drift")
record DriftProperties(@DefaultValue("true") boolean enabled) {}
