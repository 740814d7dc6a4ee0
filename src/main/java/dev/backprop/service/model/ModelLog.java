package dev.backprop.service.model;

import dev.backprop.platform.artifact.Provenance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the log's lines about models.
final class ModelLog {

  private static final Logger log = LoggerFactory.getLogger(ModelLog.class);

  private ModelLog() {}

  /// Not of an import, which the audit log has: somebody asked for it.
  static void added(VersionHead head, Provenance provenance, boolean current) {
    if (provenance.imported() == null) {
      log.info(
          "Model {} has a version {}, from training {}{}",
          head.name(),
          head.version(),
          provenance.trainingId(),
          current ? ", which is current now" : "");
    }
  }
}
