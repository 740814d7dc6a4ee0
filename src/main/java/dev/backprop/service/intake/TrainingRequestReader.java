package dev.backprop.service.intake;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Sha256;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/// Reads the bodies of training requests.
final class TrainingRequestReader {

  private final JsonMapper json;

  TrainingRequestReader(JsonMapper json) {
    this.json = json;
  }

  /// @param sha256 of the body, in hexadecimal
  record Read(TrainingRequest request, String sha256) {}

  /// Reads a request to its end.
  ///
  /// @param room grows by what the rows, the numbers and everything else that is large take while
  ///   they are read
  /// @throws ProblemException 400 if the body is no JSON or a value has a wrong type, 422 if a spec
  ///   is impossible
  Read read(InputStream body, Budget.Claim room) {
    MessageDigest digest = Sha256.digest();
    TrainingRequest request = read(new DigestInputStream(body, digest), () -> onTopOf(room));
    return new Read(request, Sha256.hex(digest));
  }

  TrainingRequest read(InputStream body, Supplier<ByteBudget> budgets) {
    CountedParts parts = new CountedParts(body, budgets);
    try (JsonParser parser = json.createParser(parts)) {
      parts.readBy(parser);
      TrainingRequest request =
          json.readerFor(TrainingRequest.class)
              .withAttribute(StreamedData.ATTRIBUTE, new StreamedData(budgets))
              .readValue(parser);
      if (request == null) {
        throw ProblemException.at(ProblemCode.WRONG_TYPE, "", "must be an object, was null");
      }
      new EnsembleMembers(json).checkNames(request.ensemble());
      return request;
    } catch (JacksonException e) {
      throw JsonProblems.of(e);
    }
  }

  /// A budget for one more part, on top of the parts that the claim has room for already.
  static ByteBudget onTopOf(Budget.Claim room) {
    AtomicLong held = new AtomicLong();
    return bytes -> {
      room.holds(room.bytes() + bytes - held.get());
      held.set(bytes);
    };
  }
}
