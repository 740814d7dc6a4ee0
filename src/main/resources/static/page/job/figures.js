// What is said of a training in one figure, and how its settings differ from those of others.
import { isErrorMetric } from '../ui/format.js';
import { targetText } from '../model/target.js';

const ENDED = new Set(['succeeded', 'failed', 'cancelled']);
export const isOver = (training) => ENDED.has(training.state);

const ORDER = ['outOfFold', 'validation', 'test'];
const FIRST = ['accuracy', 'rmse', 'exactMatch', 'logLoss', 'loss'];

/** The figure to show first: `{name, value, part}`, or null before there is one. */
export function headline(training) {
  if (training.headline) return training.headline;
  const metrics = training.metrics || {};
  for (const part of ORDER) {
    const name = metrics[part] && FIRST.find((each) => typeof metrics[part][each] === 'number');
    if (name) return { name, value: metrics[part][name], part };
  }
  if (typeof metrics.validationAccuracy === 'number') return { name: 'accuracy', value: metrics.validationAccuracy, part: 'validation' };
  if (typeof metrics.validationRmse === 'number') return { name: 'rmse', value: metrics.validationRmse, part: 'validation' };
  return typeof metrics.trainLoss === 'number' ? { name: 'trainLoss', value: metrics.trainLoss, part: 'training' } : null;
}

/** Orders by the headline, the best first; those without one last. */
export function byHeadline(a, b) {
  const [left, right] = [headline(a), headline(b)];
  if (!left || !right) return left ? -1 : right ? 1 : 0;
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  return isErrorMetric(left.name) ? left.value - right.value : right.value - left.value;
}

export function seconds(training, now = Date.now()) {
  if (!training.startedAt) return null;
  return ((training.finishedAt ? Date.parse(training.finishedAt) : now) - Date.parse(training.startedAt)) / 1000;
}

/** The settings of a training as pairs of a short path and a text. */
export function settings(training) {
  const flat = { preset: training.preset, target: targetText(training.target), rows: String(training.rows.training) };
  const { network, training: how, encoding, ensemble } = training.spec || {};
  flatten(flat, '', how);
  if (network) {
    flat.layers = (network.layers || []).map((layer) => layer.units ?? layer.rate ?? layer.type).join(' · ');
    flatten(flat, '', { loss: network.loss, members: network.members });
  }
  flatten(flat, 'encoding.', encoding);
  if (ensemble) flat.networks = String(ensemble.members.length);
  return flat;
}

function flatten(flat, prefix, value) {
  if (value === null || value === undefined) return;
  for (const [name, each] of Object.entries(value)) {
    if (each === null || each === undefined) continue;
    if (typeof each === 'object' && !Array.isArray(each)) {
      if (each.type) flat[prefix + name] = each.type;
      flatten(flat, `${prefix}${name}.`, Object.fromEntries(Object.entries(each).filter(([key]) => key !== 'type')));
    } else {
      flat[prefix + name] = Array.isArray(each) ? each.join(', ') : String(each);
    }
  }
}

/** Names of settings in which some trainings differ, those that differ most often first. */
export function differing(trainings, most = Infinity) {
  const all = trainings.map(settings);
  const names = [...new Set(all.flatMap(Object.keys))];
  return names
    .map((name) => [name, new Set(all.map((each) => each[name])).size])
    .filter(([, values]) => values > 1)
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([name]) => name);
}
