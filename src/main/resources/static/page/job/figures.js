// What is said of a training in figures, and of two to five beside each other.
import { html } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { to, useLoaded } from '../http/hooks.js';
import { COLOURS, DASHES, Plot, thinned } from '../chart/plot.js';
import { targetText } from '../model/model.js';
import { duration, isErrorMetric, label, metric } from '../ui/format.js';
import { Card, Pending, State, Table, View } from '../ui/parts.js';

const ENDED = new Set(['succeeded', 'failed', 'cancelled']);
export const isOver = (training) => ENDED.has(training.state);

/** The figure to show first: `{name, value, part}`, or null before there is one. */
export function headline(training) {
  if (training.headline) return training.headline;
  const metrics = training.metrics || {};
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

/** Takes an epoch into a history; one that is known already begins it anew from there. */
export function addEpoch(history, report) {
  while (history.length && history[history.length - 1].epoch >= report.epoch) history.pop();
  history.push(report);
}

/** A figure of each epoch; null if none has it. */
export function figuresOf(history, name) {
  const values = history.map((each) => each[name] ?? null);
  return values.some((value) => value !== null) ? values : null;
}

const MOST_COMPARED = 5;
const CURVE_POINTS = 400;

export function Compared({ query }) {
  const ids = (query.ids || '').split(',').filter(Boolean).slice(0, MOST_COMPARED);
  const loaded = useLoaded((signal) => Promise.all(ids.map((id) => ask(`trainings/${encodeURIComponent(id)}`, { signal }))), [ids.join()]);
  const trainings = loaded.value;
  return html`<${View} title="Runs compared" trail=${[['Runs', to(['runs'])]]}>
    <${Pending} of=${loaded}/>
    ${trainings && html`
      <${Losses} trainings=${trainings}/>
      <${Card} title="What differs"><${Table} name="What differs" heads=${['-Setting', ...trainings.map((each, i) => `${i + 1}. ${name(each)}`)]} rows=${[
        ['Run', ...trainings.map((each, i) => html`<span class="swatch ${COLOURS[i]}"></span><a href=${to(['runs', each.id])}>open</a>`)],
        ['State', ...trainings.map((each) => html`<${State} state=${each.state}/>`)],
        ['Best', ...trainings.map((each) => { const best = headline(each); return best ? `${label(best.name)} ${metric(best.name, best.value)}` : '–'; })],
        ['Best epoch', ...trainings.map((each) => each.result?.bestEpoch ?? '–')],
        ['Took', ...trainings.map((each) => duration(seconds(each)))],
        ...differing(trainings).map((setting) => [setting, ...trainings.map((each) => settings(each)[setting] ?? '–')])]}/><//>`}
  <//>`;
}

const name = (training) => `${training.model} ${training.result ? `v${training.result.version}` : training.id.slice(-4)}`;

function Losses({ trainings }) {
  const series = trainings.flatMap((each, place) => {
    const history = each.history || [];
    const of = history.some((epoch) => epoch.validationLoss != null) ? 'validationLoss' : 'trainLoss';
    const at = thinned(history.length, CURVE_POINTS).filter((i) => history[i][of] > 0);
    return at.length ? [{ name: name(each), colour: COLOURS[place], dash: DASHES[place],
      xs: at.map((i) => history[i].epoch), ys: at.map((i) => Math.log10(history[i][of])) }] : [];
  });
  return html`<${Card} title="Loss on the rows that are held out" about="As powers of ten, so that late epochs can be told apart.">
    ${series.length ? html`<${Plot} title="Losses of the runs over their epochs" series=${series} width=${1100} height=${320} x=${{ name: 'epoch' }} y=${{ name: 'log10 of the loss' }} legend/>`
      : html`<p class="about">Runs of several networks over folds have no curve of their own; the run's page shows each fold.</p>`}<//>`;
}
