/// Describes the API: every operation, record, role and problem, as OpenAPI.
@NullMarked
package dev.backprop.platform.openapi;

import org.jspecify.annotations.NullMarked;
