/// What every request passes: filters, advice, pages, idempotency.
@NullMarked
package dev.backprop.platform.http;

import org.jspecify.annotations.NullMarked;
