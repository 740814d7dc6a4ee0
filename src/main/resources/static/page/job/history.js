// The epochs of a training as columns of numbers that grow as events come.

export class History {
  constructor(epochs = []) {
    this.clear();
    epochs.forEach((each) => this.add(each));
  }

  clear() {
    this.epoch = [];
    this.columns = {};
    this.layers = {};
    this.layerEpochs = [];
  }

  /** Takes an epoch; one that is known already begins the history anew from there. */
  add(report) {
    const last = this.epoch[this.epoch.length - 1] ?? 0;
    if (report.epoch <= last) this.cut(report.epoch);
    this.epoch.push(report.epoch);
    for (const [name, value] of Object.entries(report)) {
      if (typeof value === 'number' && name !== 'epoch') this.put(name, value);
    }
    if (report.selected) this.put('selected', report.selected.value);
    for (const values of Object.values(this.columns)) while (values.length < this.epoch.length) values.push(null);
    if (report.layers) this.addLayers(report);
  }

  put(name, value) {
    const values = (this.columns[name] ??= new Array(this.epoch.length - 1).fill(null));
    values[this.epoch.length - 1] = value;
  }

  cut(from) {
    const keep = this.epoch.findIndex((epoch) => epoch >= from);
    this.epoch.length = keep;
    Object.values(this.columns).forEach((values) => { values.length = keep; });
    const layers = this.layerEpochs.findIndex((epoch) => epoch >= from);
    if (layers >= 0) {
      this.layerEpochs.length = layers;
      Object.values(this.layers).forEach((figures) => { figures.length = layers; });
    }
  }

  addLayers({ epoch, layers }) {
    this.layerEpochs.push(epoch);
    layers.forEach((figures) => (this.layers[figures.layer] ??= []).push(figures));
  }

  has(name) {
    return name in this.columns;
  }

  get length() {
    return this.epoch.length;
  }
}
