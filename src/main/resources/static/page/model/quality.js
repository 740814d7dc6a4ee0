// How good a version is on rows that it did not learn from, beside a guess; and its threshold.
import { html, useState } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { change, useMay } from '../http/hooks.js';
import { Matrix } from '../chart/bars.js';
import { Plot } from '../chart/plot.js';
import { askForCell, Check } from './check.js';
import { versionPath } from './model.js';
import { count, isErrorMetric, label, metric, number, part as partName } from '../ui/format.js';
import { Card, Fault, Name, Table } from '../ui/parts.js';

export const ORDER = ['test', 'outOfFold', 'validation', 'calibration', 'training'];
const FIRST = ['accuracy', 'rmse', 'exactMatch', 'auc', 'f1', 'balancedAccuracy', 'prAuc', 'mcc', 'logLoss', 'brier', 'ece', 'mae', 'r2', 'mape', 'pinball', 'coverage'];

export function Quality({ card, query, origin }) {
  const parts = ORDER.filter((name) => card.metrics?.[name]);
  const shown = parts.includes(query.part) ? query.part : parts[0];
  const metrics = card.metrics?.[shown];
  return html`
    ${parts.length > 1 && html`<div class="parts" role="group" aria-label="Rows that are measured">${parts.map((name) => html`
      <button class=${name === shown ? 'on' : ''} aria-pressed=${name === shown} onClick=${() => change({ part: name })}>${partName(name)}</button>`)}</div>`}
    ${metrics && html`<${Measured} metrics=${metrics} part=${shown} card=${card}/>`}
    <${Check} card=${card} query=${query} origin=${origin}/>`;
}

/** @param table whether it is measured on a table that was named, rather than by the training; `still` if nothing is to be changed */
export function Measured({ metrics, part, card, still, table }) {
  const { classes, confusionMatrix, curve } = metrics;
  const onCell = still ? null : askForCell(classes);
  return html`
    <${Figures} metrics=${metrics} part=${part}/>
    ${curve && html`<${Threshold} key=${part} metrics=${metrics} card=${card} name=${part} table=${table} onCell=${onCell}/>`}
    ${confusionMatrix && html`<div class=${classes.length > 16 ? 'one' : 'two'}>
      ${!curve && html`<${Card} title="Which is taken for which" about=${`The stronger, the more of the row. ${still ? '' : 'A cell shows its rows of a table that you name.'}`}><${Matrix} name=${`Confusion matrix, ${part}`} classes=${classes} matrix=${confusionMatrix} onCell=${onCell}/><//>`}
      <${Card} title="By class"><${Classes} metrics=${metrics}/><//>
      <${Calibrated} calibration=${card.calibration} bins=${metrics.calibrationBins}/></div>`}
    <${Residuals} metrics=${metrics}/>
    ${(metrics.outputs?.length > 1 || metrics.labels || metrics.quantiles) && html`<${Card} title="One by one"><${Each} metrics=${metrics}/><//>`}`;
}

export function Figures({ metrics, part }) {
  const names = FIRST.filter((name) => typeof metrics[name] === 'number');
  return html`<section class="tiles" aria-label=${partName(part)}>${names.map((name, i) => html`<${Figure} name=${name} metrics=${metrics} first=${i === 0}/>`)}</section>
    <p class="about under">${partName(part)}: ${count(metrics.rows)} rows.${metrics.selectedOn ? ' The version was chosen by these rows, so they flatter it a little.' : ''}
      ${metrics.intervals ? ' Brackets hold the true figure 19 times out of 20.' : ''} Grey is what always answering the ${metrics.type === 'regression' ? 'mean' : 'most frequent class'} would reach.</p>`;
}

function Figure({ name, metrics, first }) {
  const value = metrics[name];
  const interval = metrics.intervals?.[name];
  const base = metrics.baseline?.[name];
  return html`<div class="tile-figure ${first ? 'first' : ''}">
    <small>${label(name)}</small><b>${metric(name, value)}</b>
    ${interval && html`<span class="interval">[${metric(name, interval[0])}, ${metric(name, interval[1])}]</span>`}
    ${typeof base === 'number' && html`<${Beside} name=${name} value=${value} base=${base} interval=${interval}/>`}
  </div>`;
}

/** The figure as a mark on a line, with its interval, and the baseline as another mark. */
function Beside({ name, value, base, interval }) {
  const isShare = !isErrorMetric(name) && value <= 1 && base <= 1 && base >= 0;
  const most = isShare ? 1 : Math.max(value, base, interval?.[1] ?? 0) * 1.08 || 1;
  const place = (x) => Math.max(0, Math.min(100, (100 * x) / most));
  return html`<svg class="beside" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label=${`baseline ${metric(name, base)}`}>
    <rect class="track" width="100" height="4" y="4"/><rect class="base" width=${place(base)} height="4" y="4"/>
    ${interval && html`<rect class="range" x=${place(interval[0])} width=${Math.max(0.8, place(interval[1]) - place(interval[0]))} height="8" y="2"/>`}
    <rect class="at" x=${Math.max(0, place(value) - 0.8)} width="1.6" height="12"/></svg>
    <span class="about">guess: ${metric(name, base)}</span>`;
}

function Classes({ metrics }) {
  const names = ['precision', 'recall', 'f1'].filter((name) => metrics.perClass.some((each) => each[name] !== undefined));
  return html`<${Table} name="Figures by class" kind="tall" heads=${['Class', '>Rows', ...names.map((name) => `>${label(name)}`)]}
    rows=${metrics.perClass.map((each) => [html`<${Name} text=${each.label}/>`, count(each.rows), ...names.map((name) => metric(name, each[name]))])}/>`;
}

function Each({ metrics }) {
  const rows = metrics.outputs || metrics.labels || metrics.quantiles;
  const names = Object.keys(rows[0]).filter((name) => !['name', 'tau'].includes(name) && typeof rows[0][name] === 'number');
  return html`<${Table} name="Figures one by one" kind="tall" heads=${['Of', ...names.map((name) => `>${label(name)}`)]}
    rows=${rows.map((row) => [row.name ?? row.tau, ...names.map((name) => metric(name, row[name]))])}/>`;
}

const OF_PROBABILITIES = ['logLoss', 'ece', 'brier'];

function Calibrated({ calibration, bins }) {
  if (!calibration && !bins?.length) return null;
  const [xs, ys] = [(bins || []).map((bin) => bin.probability), (bins || []).map((bin) => bin.accuracy)];
  return html`<${Card} title="Is a probability what it says?"
    about=${calibration && `Probabilities were scaled by a temperature of ${number(calibration.temperature)}, found on ${count(calibration.rows)} rows.`}>
    ${xs.length > 0 && html`<${Plot} title="How often answers are right, by their probability" diagonal legend=${false} width=${560} series=${[{ name: 'line', xs, ys, colour: 'c1' }, { name: 'points', points: 3.5, xs, ys, colour: 'c1' }]}
      x=${{ name: 'probability of the answer', from: 0, to: 1 }} y=${{ name: 'share that is right', from: 0, to: 1 }}/>`}
    ${calibration && html`<${Table} name="Calibration" heads=${['Probabilities', ...OF_PROBABILITIES.map((name) => `>${label(name)}`)]}
      rows=${['before', 'after'].filter((when) => calibration[when]).map((when) => [when, ...OF_PROBABILITIES.map((name) => metric(name, calibration[when][name]))])}/>`}<//>`;
}

/** How far numbers are off: the error that a share of the rows does not exceed. */
function Residuals({ metrics }) {
  const all = (metrics.errorQuantiles ? [metrics] : metrics.outputs || []).filter((each) => each.errorQuantiles?.length);
  if (!all.length) return null;
  return html`<div class="two">${all.slice(0, MOST_RESIDUALS).map(({ name, errorQuantiles: quantiles }) => html`<${Card} title=${`How far off ${name ?? 'it'} is`}
    about=${`Half of the rows are off by ${number(errorAt(quantiles, 0.25))} to ${number(errorAt(quantiles, 0.75))}, 9 of 10 by ${number(errorAt(quantiles, 0.05))} to ${number(errorAt(quantiles, 0.95))}; below 0 is too low.`}>
    <${Plot} title=${`Errors of ${name ?? 'the answer'} by the share of rows`} width=${560} series=${[{ xs: quantiles.map((each) => each.at), ys: quantiles.map((each) => each.error), colour: 'c1' }]}
      x=${{ name: 'share of the rows', from: 0, to: 1 }} y=${{ name: 'answered less true' }}/><//>`)}</div>`;
}

const MOST_RESIDUALS = 4;
const errorAt = (quantiles, at) => quantiles.reduce((best, each) => (Math.abs(each.at - at) < Math.abs(best.at - at) ? each : best)).error;

/** The points of the curve by rising threshold, with the counts behind them. */
function Threshold({ metrics, card, name, table, onCell }) {
  const { classes, confusionMatrix, curve } = metrics;
  const place = classes.findIndex((each) => String(each) === String(card.positive ?? metrics.positive ?? classes[1]));
  const rows = confusionMatrix.map((row) => row.reduce((a, b) => a + b, 0));
  const [positives, negatives] = [rows[place], rows[1 - place]];
  const served = card.threshold ?? 0.5;
  const [right, wrong] = [confusionMatrix[place][place], confusionMatrix[1 - place][place]];
  const counted = curve.map((each) => ({ ...each, right: Math.round(each.recall * positives), wrong: Math.round(each.falsePositiveRate * negatives) }));
  // The matrix is of a threshold that was served once, and of this one if it lies on the curve.
  const fits = counted.every((each) => (each.threshold - served) * (each.right - right) <= 0 && (each.threshold - served) * (each.wrong - wrong) <= 0);
  const asServed = { threshold: served, right, wrong, recall: right / positives, precision: right / (right + wrong) || 0, falsePositiveRate: wrong / negatives };
  const points = [...counted, ...(fits ? [asServed] : [])].sort((a, b) => a.threshold - b.threshold);
  const nearest = (at) => points.reduce((best, point, i) => (Math.abs(point.threshold - at) < Math.abs(points[best].threshold - at) ? i : best), 0);
  const [chosen, setChosen] = useState(nearest(served));
  const [said, setSaid] = useState(null);
  const may = useMay('train') && !table;
  const point = points[Math.min(chosen, points.length - 1)];
  const roc = [...points].reverse();
  const yes = [positives - point.right, point.right];
  const no = [negatives - point.wrong, point.wrong];
  const matrix = place === 1 ? [no, yes] : [[...yes].reverse(), [...no].reverse()];
  const serve = () => ask(versionPath(card, 'threshold'), { method: 'PUT', json: { threshold: point.threshold } })
    .then(() => setSaid({ done: true }), (fault) => setSaid({ fault }));
  return html`<${Card} title="When to say ${String(classes[place])}" kind="threshold"
    about=${`It is answered from a probability of ${number(served, 3)} on. A lower threshold finds more of them, a higher one is right more often.`}>
    <label class="slide"><span>Threshold <output>${number(point.threshold, 3)}</output></span>
      <input type="range" min="0" max=${points.length - 1} value=${chosen} aria-valuetext=${`${number(point.threshold, 3)}`} onInput=${(event) => { setChosen(Number(event.target.value)); setSaid(null); }}/></label>
    <div class="figures"><div><b>${metric('precision', point.precision)}</b><small>precision</small></div><div><b>${metric('recall', point.recall)}</b><small>recall</small></div>
      <div><b>${number((2 * point.precision * point.recall) / (point.precision + point.recall) || 0)}</b><small>F1</small></div><div><b>${count(point.right + point.wrong)}</b><small>answered so</small></div></div>
    <div class="three">
      <${Matrix} name=${`Confusion matrix at ${number(point.threshold, 3)}, ${name}`} classes=${classes} matrix=${matrix} onCell=${onCell}/>
      <${Plot} title="Precision over recall" series=${[{ xs: roc.map((each) => each.recall), ys: roc.map((each) => each.precision), colour: 'c1' }]}
        x=${{ name: 'recall', from: 0, to: 1 }} y=${{ name: 'precision', from: 0, to: 1 }} mark=${{ x: point.recall, y: point.precision }}/>
      <${Plot} title="ROC: true positives over false positives" diagonal series=${[{ xs: [0, ...roc.map((each) => each.falsePositiveRate)], ys: [0, ...roc.map((each) => each.recall)], colour: 'c1' }]}
        x=${{ name: 'false positive rate', from: 0, to: 1 }} y=${{ name: 'recall', from: 0, to: 1 }} mark=${{ x: point.falsePositiveRate, y: point.recall }}/>
    </div>
    ${may && html`<p><button onClick=${serve} disabled=${said?.done}>${said?.done ? 'It answers so now' : `Answer with ${number(point.threshold, 3)} from now on`}</button></p>`}
    <${Fault} fault=${said?.fault}/>
  <//>`;
}
