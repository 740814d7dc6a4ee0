// Has a version answer a table with known targets, and shows where it is right and wrong.
import { html, useEffect } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { change, to, useLoaded } from '../http/hooks.js';
import { extent, Plot } from '../chart/plot.js';
import { DatasetField } from '../dataset/start.js';
import { targets, versionPath } from './model.js';
import { Measured } from './quality.js';
import { ordered } from './why.js';
import { count, number, percent } from '../ui/format.js';
import { Card, Name, Pending, Table } from '../ui/parts.js';

const MOST_ERRORS = 100;
const MOST_POINTS = 1000;

/** The rows of a cell of a confusion matrix, by the names of its classes. */
export const askForCell = (classes) => (actual, predicted) => change({ actual: classes[actual], predicted: classes[predicted] });

export function Check({ card, query, origin }) {
  const given = query.check || '';
  const { actual, predicted } = query;
  const cell = actual !== undefined && predicted !== undefined ? { actual, predicted } : null;
  const asked = (rows, more, signal) =>
    ask(`${versionPath(card, 'evaluations')}?${new URLSearchParams({ rows, ...more })}`, { json: { dataset: given }, signal });
  const found = useLoaded((signal) => (given ? asked('errors', { limit: MOST_ERRORS }, signal) : null), [given, card.version]);
  const chosen = useLoaded((signal) => (given && cell ? asked('errors', { limit: MOST_ERRORS, ...cell }, signal) : null), [given, card.version, actual, predicted]);
  const isNumber = card.target.task === 'regression' && targets(card.target).length === 1;
  const sample = useLoaded((signal) => (given && isNumber ? asked('sample', { limit: MOST_POINTS }, signal) : null), [given, card.version]);
  useEffect(() => { if (cell) document.getElementById('check').scrollIntoView({ block: 'nearest' }); }, [actual, predicted, chosen.value]);
  if (card.input.type !== 'columns') return null;
  const metrics = found.value?.metrics;
  const rows = cell ? chosen.value?.rows : found.value?.rows;
  return html`<${Card} title="Check it on a table" about="Rows whose answer is known: see each one that it gets wrong.">
      <${DatasetField} action="Check" value=${given} onChange=${(check) => change({ check })}/>
      ${cell && !given && html`<p role="status">Name a data set to see its rows of ${actual} that are answered as ${predicted}.</p>`}
      ${given && given === origin.dataset?.id && html`<p class="about">It learned from these rows, which flatters it. Rows that it has not seen say more.</p>`}
      <${Pending} of=${found}/>
    <//>
    ${metrics && html`<h2 class="line"><span>on the table</span></h2>
      <div class="checked"><${Measured} metrics=${metrics} part="The table" card=${{ ...card, calibration: null }} table/>
      ${sample.value && html`<${Card} title="Answered and true"><${Scatter} rows=${sample.value.rows.items} target=${targets(card.target)[0]}/><//>`}</div>`}
    <div id="check">${given && (cell || rows) && html`<${Card} title=${titleOf(cell, rows, metrics)}
      aside=${cell && html`<button class="link" onClick=${() => change({ actual: null, predicted: null })}>Show all errors</button>`}>
      ${cell && html`<${Pending} of=${chosen}/>`}${rows && html`<${Rows} rows=${rows.items} card=${card}/>`}<//>`}</div>`;
}

function titleOf(cell, rows, metrics) {
  const all = rows ? count(rows.found) : '';
  if (cell) return `${all} rows of ${cell.actual}, answered as ${cell.predicted}`;
  return metrics?.confusionMatrix ? `${all} of ${count(metrics.rows)} rows are wrong (${percent(rows.found / (metrics.rows || 1))})` : 'The rows that are farthest off';
}

function Scatter({ rows, target }) {
  const [xs, ys] = [rows.map((row) => row.actual), rows.map((row) => row.predicted)];
  const [from, to] = extent([...xs, ...ys]);
  return html`<${Plot} title="Answers over true numbers" diagonal width=${560} height=${380} series=${[{ points: 2, xs, ys, colour: 'c1' }]}
    x=${{ name: `true ${target}`, from, to }} y=${{ name: 'answered', from, to }}/>`;
}

const MOST_COLUMNS = 8;

function Rows({ rows, card }) {
  if (!rows.length) return html`<p class="about">None.</p>`;
  const features = ordered(card).slice(0, MOST_COLUMNS);
  const isNumber = rows[0].error !== undefined;
  const asked = ({ cells }) => JSON.stringify(Object.fromEntries(card.input.features.map(({ name }) => [name, cells[name] ?? null])));
  return html`<${Table} name="Rows" kind="tall" heads=${['>Row', ...(isNumber ? ['>It is', '>Answered', '>Off by'] : ['It is', 'Answered', '>Sure']), ...features]}
    rows=${rows.map((row) => [html`<a title="Ask about it" href=${to(['models', card.model], { version: card.version, tab: 'ask', row: asked(row) })}>${row.row}</a>`,
      said(row.actual), said(row.predicted), isNumber ? said(row.error) : percent(row.probability),
      ...features.map((name) => html`<${Name} text=${row.cells[name] ?? ''}/>`)])}/>`;
}

/** An answer in a line: one value, or several under their names. */
const said = (answer) => (answer !== null && typeof answer === 'object' ? Object.entries(answer).map(([name, each]) => `${name} ${number(each)}`).join(', ') : number(answer));
