package dev.backprop.platform.limits;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/// Lets `@Min` stand on properties that are sizes: their least bytes.
public final class MinBytes implements ConstraintValidator<Min, DataSize> {

  private long bytes;

  @Override
  public void initialize(Min least) {
    bytes = least.value();
  }

  @Override
  public boolean isValid(@Nullable DataSize size, ConstraintValidatorContext context) {
    return size == null || size.toBytes() >= bytes;
  }
}
