// How good a version is on rows that it did not learn from, beside a guess; and its threshold.
import { html, useState } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { change, useMay } from '../http/hooks.js';
import { Matrix } from '../chart/bars.js';
import { Plot } from '../chart/plot.js';
import { Check } from './check.js';
import { versionPath } from './model.js';
import { count, isErrorMetric, label, metric, number, part as partName } from '../ui/format.js';
import { Card, Fault, Name, Table } from '../ui/parts.js';

const ORDER = ['test', 'outOfFold', 'validation', 'calibration', 'training'];
const FIRST = ['accuracy', 'rmse', 'exactMatch', 'auc', 'f1', 'balancedAccuracy', 'prAuc', 'mcc', 'logLoss', 'brier', 'ece', 'mae', 'r2', 'mape', 'pinball', 'coverage'];

export function Quality({ card, query }) {
  const parts = ORDER.filter((name) => card.metrics?.[name]);
  const shown = parts.includes(query.part) ? query.part : parts[0];
  const metrics = card.metrics?.[shown];
  return html`
    ${parts.length > 1 && html`<div class="parts" role="group" aria-label="Rows that are measured">${parts.map((name) => html`
      <button class=${name === shown ? 'on' : ''} aria-pressed=${name === shown} onClick=${() => change({ part: name })}>${partName(name)}</button>`)}</div>`}
    ${metrics && html`<${Measured} metrics=${metrics} part=${shown} card=${card}/>`}
    <${Check} card=${card} query=${query}/>`;
}

export function Measured({ metrics, part, card, still }) {
  return html`
    <${Figures} metrics=${metrics} part=${part}/>
    ${!still && metrics.thresholds && html`<${Threshold} metrics=${metrics} card=${card}/>`}
    ${metrics.confusionMatrix && html`<div class=${metrics.classes.length > 16 ? 'one' : 'two'}>
      ${(still || !metrics.thresholds) && html`<${Card} title="Which is taken for which" about=${`On ${count(metrics.rows)} rows that it did not learn from. The darker, the more of the row.`}><${Matrix} classes=${metrics.classes} matrix=${metrics.confusionMatrix}/><//>`}
      <${Card} title="By class"><${Classes} metrics=${metrics}/><//>
      <${Calibrated} calibration=${card.calibration}/></div>`}
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

const Calibrated = ({ calibration }) => calibration && html`<${Card} title="Is a probability what it says?"
  about=${`Probabilities were scaled by a temperature of ${number(calibration.temperature)}, found on ${count(calibration.rows)} rows.`}>
  <${Table} name="Calibration" heads=${['Probabilities', ...OF_PROBABILITIES.map((name) => `>${label(name)}`)]}
    rows=${['before', 'after'].filter((when) => calibration[when]).map((when) => [when, ...OF_PROBABILITIES.map((name) => metric(name, calibration[when][name]))])}/><//>`;

/**
 * The points that a table of thresholds holds, with the counts behind them.
 * @param positives, negatives how many rows are of the positive class, and how many are not
 */
export function pointsOf(thresholds, positives, negatives) {
  return thresholds.map(({ threshold, precision, recall, f1 }) => {
    const right = (recall ?? 0) * positives;
    const wrong = precision ? (right * (1 - precision)) / precision : 0;
    return { threshold, precision, recall, f1, right: Math.round(right), wrong: Math.min(negatives, Math.round(wrong)) };
  });
}

export function Threshold({ metrics, card }) {
  const positive = card.positive ?? metrics.positive ?? metrics.classes[1];
  const place = metrics.classes.findIndex((each) => String(each) === String(positive));
  const rows = metrics.confusionMatrix.map((row) => row.reduce((a, b) => a + b, 0));
  const positives = rows[place];
  const negatives = rows[1 - place];
  return html`<${ThresholdChart} name="held out" points=${pointsOf(metrics.thresholds, positives, negatives)} positives=${positives} negatives=${negatives}
    classes=${metrics.classes} place=${place} card=${card}/>`;
}

export function ThresholdChart({ name, points, positives, negatives, classes, place, card }) {
  const served = card.threshold ?? 0.5;
  const nearest = (at) => points.reduce((best, point, i) => (Math.abs(point.threshold - at) < Math.abs(points[best].threshold - at) ? i : best), 0);
  const [chosen, setChosen] = useState(nearest(served));
  const [said, setSaid] = useState(null);
  const may = useMay('train');
  const point = points[Math.min(chosen, points.length - 1)];
  const fpr = (each) => (negatives ? each.wrong / negatives : 0);
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
      <div><b>${metric('f1', point.f1)}</b><small>F1</small></div><div><b>${count(point.right + point.wrong)}</b><small>answered so</small></div></div>
    <div class="three">
      <${Matrix} name=${`Confusion matrix at ${number(point.threshold, 3)}, ${name}`} classes=${classes} matrix=${matrix}/>
      <${Plot} title="Precision over recall" width=${340} series=${[{ xs: points.map((each) => each.recall ?? 0), ys: points.map((each) => each.precision), colour: 'c1' }]}
        x=${{ name: 'recall', from: 0, to: 1 }} y=${{ name: 'precision', from: 0, to: 1 }} mark=${{ x: point.recall ?? 0, y: point.precision ?? 0 }}/>
      <${Plot} title="ROC: true positives over false positives" width=${340} diagonal series=${[{ xs: [0, ...roc.map(fpr), 1], ys: [0, ...roc.map((each) => each.recall ?? 0), 1], colour: 'c1' }]}
        x=${{ name: 'false positive rate', from: 0, to: 1 }} y=${{ name: 'recall', from: 0, to: 1 }} mark=${{ x: fpr(point), y: point.recall ?? 0 }}/>
    </div>
    ${may && card.threshold !== undefined && html`<p><button onClick=${serve} disabled=${said?.done}>${said?.done ? 'It answers so now' : `Answer with ${number(point.threshold, 3)} from now on`}</button></p>`}
    <${Fault} fault=${said?.fault}/>
  <//>`;
}
