// How good a version is on rows that it did not learn from, beside what anybody could guess.
import { html } from '../vendor/preact.js';
import { label, metric, part as partName, count, isErrorMetric } from '../ui/format.js';
import { Card, Name } from '../ui/parts.js';
import { change } from '../http/route.js';
import { Matrix } from '../chart/matrix.js';
import { Check } from './check.js';
import { Threshold } from './threshold.js';

const ORDER = ['test', 'outOfFold', 'validation', 'calibration', 'training'];
const FIRST = ['accuracy', 'rmse', 'exactMatch', 'auc', 'f1', 'balancedAccuracy', 'prAuc', 'mcc', 'logLoss', 'brier', 'ece', 'mae', 'r2', 'mape', 'pinball', 'coverage'];

export function Quality({ card, query }) {
  const parts = ORDER.filter((name) => card.metrics?.[name]);
  const shown = parts.includes(query.part) ? query.part : parts[0];
  const metrics = card.metrics?.[shown];
  return html`
    ${parts.length > 1 && html`<div class="parts" role="group" aria-label="Rows that are measured">${parts.map((name) => html`
      <button type="button" class=${name === shown ? 'on' : ''} aria-pressed=${name === shown} onClick=${() => change({ part: name })}>${partName(name)}</button>`)}</div>`}
    ${metrics && html`<${Measured} metrics=${metrics} part=${shown} card=${card}/>`}
    <${Check} card=${card} query=${query}/>`;
}

/** The figures of one part, and its matrix. */
export function Measured({ metrics, part, card, still }) {
  return html`
    <${Figures} metrics=${metrics} part=${part}/>
    ${!still && metrics.thresholds && html`<${Threshold} metrics=${metrics} card=${card}/>`}
    ${metrics.confusionMatrix && html`<div class=${metrics.classes.length > 16 ? 'one' : 'two'}><${Card} title="Which is taken for which" about=${`On ${count(metrics.rows)} rows that it did not learn from. The darker, the more of the row.`}>
      <${Matrix} classes=${metrics.classes} matrix=${metrics.confusionMatrix}/><//><${Card} title="By class"><${Classes} metrics=${metrics}/><//></div>`}
    ${(metrics.outputs?.length > 1 || metrics.labels || metrics.quantiles) && html`<${Card} title="One by one"><${Each} metrics=${metrics}/><//>`}
    <${Calibrated} calibration=${card.calibration}/>`;
}

export function Figures({ metrics, part }) {
  const names = FIRST.filter((name) => typeof metrics[name] === 'number');
  return html`<section class="tiles" aria-label="Figures">${names.map((name, i) => html`<${Figure} name=${name} metrics=${metrics} first=${i === 0}/>`)}</section>
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

const Classes = ({ metrics }) => html`<div class="scroll tall" tabindex="0" role="region" aria-label="Figures by class"><table class="plain">
  <thead><tr><th scope="col">Class</th><th scope="col" class="value">Rows</th><th scope="col" class="value">Precision</th><th scope="col" class="value">Recall</th>${metrics.perClass.some((each) => each.f1 !== undefined) && html`<th scope="col" class="value">F1</th>`}</tr></thead>
  <tbody>${metrics.perClass.map((each) => html`<tr><th scope="row"><${Name} text=${each.label}/></th><td class="value">${count(each.rows)}</td>
    <td class="value">${metric('precision', each.precision)}</td><td class="value">${metric('recall', each.recall)}</td>${each.f1 !== undefined && html`<td class="value">${metric('f1', each.f1)}</td>`}</tr>`)}</tbody></table></div>`;

function Each({ metrics }) {
  const rows = metrics.outputs || metrics.labels || metrics.quantiles;
  const names = Object.keys(rows[0]).filter((name) => !['name', 'tau'].includes(name) && typeof rows[0][name] === 'number');
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Figures one by one"><table class="plain"><thead><tr><th scope="col">Of</th>${names.map((name) => html`<th scope="col" class="value">${label(name)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr><th scope="row">${row.name ?? row.tau}</th>${names.map((name) => html`<td class="value">${metric(name, row[name])}</td>`)}</tr>`)}</tbody></table></div>`;
}

const Calibrated = ({ calibration }) => calibration && html`<${Card} title="Is a probability what it says?"
  about=${`Probabilities were scaled by a temperature of ${metric('', calibration.temperature)}, found on ${count(calibration.rows)} rows.`}>
  <table class="plain"><thead><tr><th></th>${['logLoss', 'ece', 'brier'].map((name) => html`<th scope="col" class="value">${label(name)}</th>`)}</tr></thead>
    <tbody>${['before', 'after'].map((when) => calibration[when] && html`<tr><th scope="row">${when}</th>${['logLoss', 'ece', 'brier'].map((name) => html`<td class="value">${metric(name, calibration[when][name])}</td>`)}</tr>`)}</tbody></table><//>`;
