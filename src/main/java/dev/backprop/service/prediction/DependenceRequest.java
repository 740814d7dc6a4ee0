package dev.backprop.service.prediction;

import java.util.List;

/// Asks how answers depend on columns.
///
/// @param columns one or two that the model uses
/// @param dataset the id or the name of a data set, over whose rows answers are averaged
record DependenceRequest(List<String> columns, String dataset) {

  DependenceRequest {
    RequiredField.check("columns", columns);
    RequiredField.checkTexts("columns", columns);
    RequiredField.check("dataset", dataset);
  }
}
