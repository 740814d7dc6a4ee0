package dev.backprop.service.prediction;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelLookup;
import dev.backprop.service.model.ModelVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Compares versions on the same rows.
@RestController
@RequestMapping(Paths.COMPARISONS)
record ComparisonController(ModelLookup models, Comparisons comparisons) {

  @Allowed(Role.PREDICT)
  @PostMapping(
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ComparisonAnswer compare(
      @RequestBody ComparisonRequest asked, Caller caller, HttpServletRequest request) {
    List<ModelVersion> versions = new ArrayList<>();
    for (ComparisonRequest.@Nullable Version version : Objects.requireNonNull(asked.versions())) {
      String model = version == null ? null : version.model();
      if (version == null || model == null) {
        throw ProblemException.at(
            ProblemCode.INVALID_SPEC,
            "/versions/%d/model".formatted(versions.size()),
            "is required");
      }
      versions.add(models.version(model, version.version(), caller));
    }
    return comparisons.compare(versions, Objects.requireNonNull(asked.dataset()), caller, request);
  }
}
