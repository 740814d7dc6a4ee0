package dev.backprop.service.model;

import dev.backprop.platform.artifact.Provenance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the log's lines about models.
final class ModelLog {

  private static final Logger log = LoggerFactory.getLogger(ModelLog.class);

  private ModelLog() {}

  static void added(VersionHead head, Provenance provenance, boolean current) {
    Provenance.Imported imported = provenance.imported();
    log.info(
        "Model {} has a version {}, {} {}{}",
        head.name(),
        head.version(),
        imported == null ? "from training" : "imported from",
        imported == null ? provenance.trainingId() : imported.from(),
        current ? ", which is current now" : "");
  }

  static void activated(String name, int version) {
    log.info("Model {} has version {} as its current one now", name, version);
  }

  static void deleted(String name) {
    log.info("Model {} was deleted with all its versions", name);
  }

  static void deleted(String name, int version) {
    log.info("Version {} of model {} was deleted", version, name);
  }
}
