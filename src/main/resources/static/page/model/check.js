// Has a version answer a table with known targets, and shows where it is right and wrong.
import { html, useMemo, useState } from '../vendor/preact.js';
import { ask, send } from '../http/api.js';
import { change, useLoaded } from '../http/hooks.js';
import { Histogram, Matrix } from '../chart/bars.js';
import { bins, extent, Plot, thinned } from '../chart/plot.js';
import { DatasetField, useTrainingData } from '../dataset/start.js';
import { targets, versionPath } from './model.js';
import { Figures, ThresholdChart } from './quality.js';
import { count, number, percent } from '../ui/format.js';
import { Card, Name, Pending, Table } from '../ui/parts.js';

const MOST_ROWS = 20_000;
const MOST_COLUMNS = 8;

export function Check({ card, query }) {
  const given = query.check || '';
  const found = useLoaded((signal) => (given ? check(card, given, signal) : null), [given, card.model, card.version]);
  const own = useTrainingData(card);
  if (card.input.type !== 'columns') return null;
  return html`<${Card} title="Check it on a table" about="Rows whose answer is known: see each one that it gets wrong.">
    <${DatasetField} action="Check" value=${given} onChange=${(dataset) => change({ check: dataset })}/>
    ${given && given === own && html`<p class="about">It learned from these rows, which flatters it. Rows that it has not seen say more.</p>`}
    <${Pending} of=${found}/>
    ${given && found.value && html`<${Checked} key=${`${given}.${card.version}`} card=${card} found=${found.value}/>`}
  <//>`;
}

async function check(card, dataset, signal) {
  const target = targets(card.target);
  const features = card.input.features.map((each) => each.name).slice(0, MOST_COLUMNS);
  const query = new URLSearchParams({ count: false });
  [...target, ...features].forEach((name) => query.append('pass', name));
  const [metrics, answers] = await Promise.all([
    ask(versionPath(card, 'evaluations'), { json: { dataset }, signal }),
    answersOf(`${versionPath(card, 'predictions')}?${query}`, dataset, signal),
  ]);
  return { metrics: metrics.metrics || metrics, rows: answers.map((answer, i) => rowOf(answer, i, target[0], card)).filter((row) => row.actual !== null), features, capped: answers.length === MOST_ROWS };
}

function rowOf(answer, i, target, card) {
  const said = answer.pass?.[target];
  const isClass = card.target.task === 'classification';
  const missing = said === null || said === undefined || said === '';
  return {
    line: i + 1,
    actual: missing ? null : isClass ? classOf(said, card) : Number(said),
    prediction: isClass ? String(answer.prediction) : typeof answer.prediction === 'object' ? answer.prediction[target] : answer.prediction,
    probabilities: answer.probabilities,
    cells: answer.pass,
  };
}

/** A class as answers name it: the text itself, or the one that is the same number. */
function classOf(text, { target }) {
  const classes = (target.classes || []).map(String);
  return classes.includes(text) ? text : classes.find((each) => each !== '' && Number(each) === Number(text)) ?? text;
}

/** Reads lines as they come, and stops after the most that a page can show. */
async function answersOf(where, dataset, signal) {
  const control = new AbortController();
  signal.addEventListener('abort', () => control.abort());
  const response = await send(where, { json: { dataset }, accept: 'application/x-ndjson', signal: control.signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const answers = [];
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    text += value || '';
    const lines = text.split('\n');
    text = done ? '' : lines.pop();
    for (const line of lines) if (line) answers.push(JSON.parse(line));
    if (done) return answers;
    if (answers.length >= MOST_ROWS) {
      control.abort();
      return answers.slice(0, MOST_ROWS);
    }
  }
}

const MOST_ERRORS = 100;
const MOST_POINTS = 1500;

export function Checked({ card, found }) {
  const { metrics, rows, features, capped } = found;
  const isClass = metrics.confusionMatrix !== undefined;
  return html`<div class="checked">
    <${Figures} metrics=${metrics} part="The table"/>
    ${capped && html`<p class="about">Below are the first ${count(rows.length)} rows.</p>`}
    ${isClass ? html`<${ClassCheck} card=${card} rows=${rows} features=${features}/>`
      : card.target.task === 'regression' && targets(card.target).length === 1 ? html`<${NumberCheck} card=${card} rows=${rows} features=${features}/>` : ''}
  </div>`;
}

function ClassCheck({ card, rows, features }) {
  const classes = card.target.classes.map(String);
  const [cell, setCell] = useState(null);
  const matrix = useMemo(() => confusion(rows, classes), [rows]);
  const wrong = useMemo(() => errors(rows, true), [rows]);
  const shown = cell ? rows.filter((row) => row.actual === classes[cell[0]] && row.prediction === classes[cell[1]]) : wrong;
  const place = Math.max(0, card.positive === undefined ? 1 : classes.indexOf(String(card.positive)));
  const points = useMemo(() => (classes.length === 2 ? thresholdPoints(rows, classes[place]) : null), [rows]);
  const calibration = useMemo(() => (rows[0]?.probabilities ? calibrationBins(rows) : []), [rows]);
  const positives = rows.filter((row) => row.actual === classes[place]).length;
  return html`
    <div class=${classes.length > 16 ? 'one' : 'two'}>
      <div><h3>Which is taken for which</h3><${Matrix} name="Confusion matrix of the table" classes=${classes} matrix=${matrix} onCell=${(i, j) => setCell([i, j])}/></div>
      ${calibration.length > 0 && html`<div><h3>Is a probability what it says?</h3><${Plot} title="Share that is right, by the probability of the answer" diagonal
        series=${[{ name: 'this model', xs: calibration.map((bin) => bin.mean), ys: calibration.map((bin) => bin.right), colour: 'c1' }, { name: '', points: 3.5, xs: calibration.map((bin) => bin.mean), ys: calibration.map((bin) => bin.right), colour: 'c1' }]}
        x=${{ name: 'probability of the answer', from: 0, to: 1 }} y=${{ name: 'share that is right', from: 0, to: 1 }}/></div>`}
    </div>
    ${points && html`<${ThresholdChart} name="the table" points=${points} positives=${positives} negatives=${rows.length - positives} classes=${classes} place=${place} card=${{ ...card, threshold: undefined }}/>`}
    <h3>${cell ? html`${count(shown.length)} rows of ${classes[cell[0]]}, answered as ${classes[cell[1]]} <button class="link" onClick=${() => setCell(null)}>show all errors</button>`
      : `${count(wrong.length)} of ${count(rows.length)} rows are wrong (${percent(wrong.length / (rows.length || 1))})`}</h3>
    <${Rows} rows=${shown} features=${features} heads=${['It is', 'Answered', '>Sure']} says=${(row) => [row.actual, row.prediction, row.probabilities ? percent(row.probabilities[row.prediction]) : '']}/>`;
}

function NumberCheck({ card, rows, features }) {
  const far = useMemo(() => errors(rows, false), [rows]);
  const at = thinned(rows.length, MOST_POINTS);
  const range = extent([...rows.map((row) => row.actual), ...rows.map((row) => row.prediction)]);
  const axis = { from: range[0], to: range[1] };
  const residuals = rows.map((row) => row.prediction - row.actual);
  const spread = bins(residuals, 41);
  return html`
    <div class="two">
      <div><h3>Answered and true</h3><${Plot} title="Answers over true numbers" diagonal height=${340} table=${false}
        series=${[{ points: 2, xs: at.map((i) => rows[i].actual), ys: at.map((i) => rows[i].prediction), colour: 'c1' }]} x=${{ name: `true ${card.target.names[0]}`, ...axis }} y=${{ name: 'answered', ...axis }}/></div>
      <div><h3>How far off</h3><${Histogram} ...${spread} width=${420} height=${200}/><p class="ends"><span>${number(spread.from)}</span><span>too low · too high</span><span>${number(spread.to)}</span></p></div>
    </div>
    <h3>The rows that are farthest off</h3>
    <${Rows} rows=${far} features=${features} heads=${['>It is', '>Answered', '>Off by']} says=${(row) => [number(row.actual), number(row.prediction), number(row.prediction - row.actual)]}/>`;
}

const Rows = ({ rows, features, heads, says }) => rows.length ? html`<${Table} name="Rows" kind="tall" heads=${['>Row', ...heads, ...features]}
  rows=${rows.slice(0, MOST_ERRORS).map((row) => [row.line, ...says(row), ...features.map((name) => html`<${Name} text=${row.cells?.[name] ?? ''}/>`)])}/>`
  : html`<p class="about">None.</p>`;

function thresholdPoints(answers, positive, steps = 100) {
  const positives = answers.filter((each) => each.actual === positive).length;
  const points = [];
  for (let step = 1; step < steps; step++) {
    const threshold = step / steps;
    let right = 0;
    let wrong = 0;
    for (const each of answers) if (each.probabilities[positive] >= threshold) each.actual === positive ? right++ : wrong++;
    points.push({
      threshold, right, wrong,
      precision: right + wrong ? right / (right + wrong) : null,
      recall: positives ? right / positives : null,
      f1: right + wrong + positives ? (2 * right) / (right + wrong + positives) : null,
    });
  }
  return points;
}

/** How often the likeliest class is right, by its probability. */
function calibrationBins(answers, size = 10) {
  const bins = Array.from({ length: size }, () => ({ rows: 0, sum: 0, right: 0 }));
  for (const { probabilities, prediction, actual } of answers) {
    const top = probabilities[prediction];
    const bin = bins[Math.min(size - 1, Math.floor(top * size))];
    bin.rows++;
    bin.sum += top;
    bin.right += prediction === actual ? 1 : 0;
  }
  return bins.filter((bin) => bin.rows).map((bin) => ({ rows: bin.rows, mean: bin.sum / bin.rows, right: bin.right / bin.rows }));
}

function confusion(answers, classes) {
  const places = new Map(classes.map((name, i) => [name, i]));
  const matrix = classes.map(() => classes.map(() => 0));
  for (const { actual, prediction } of answers) {
    const row = places.get(actual);
    const column = places.get(prediction);
    if (row !== undefined && column !== undefined) matrix[row][column]++;
  }
  return matrix;
}

function errors(answers, isClass) {
  return isClass
    ? answers.filter((each) => each.actual !== each.prediction).sort((a, b) => (b.probabilities?.[b.prediction] ?? 0) - (a.probabilities?.[a.prediction] ?? 0))
    : [...answers].sort((a, b) => Math.abs(b.prediction - b.actual) - Math.abs(a.prediction - a.actual));
}
