package dev.backprop.dataset;

class InMemoryDatasetsTest extends DatasetsContract {

  @Override
  Datasets datasets() {
    return new InMemoryDatasets(MAX_BYTES);
  }
}
