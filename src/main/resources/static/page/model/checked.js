// What a check on a data set found.
import { html, useMemo, useState } from '../vendor/preact.js';
import { count, metric, number, percent } from '../ui/format.js';
import { Matrix } from '../chart/matrix.js';
import { Plot } from '../chart/plot.js';
import { Histogram } from '../chart/histogram.js';
import { bins, extent, thinned } from '../chart/scale.js';
import { Figures } from './quality.js';
import { targets } from './target.js';
import { ThresholdChart } from './threshold.js';
import { calibrationBins, confusion, errors, thresholdPoints } from './scores.js';

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
      <div><h3>Which is taken for which</h3><${Matrix} classes=${classes} matrix=${matrix} onCell=${(i, j) => setCell([i, j])}/></div>
      ${calibration.length > 0 && html`<div><h3>Is a probability what it says?</h3><${Plot} title="Share that is right, by the probability of the answer" diagonal
        series=${[{ name: 'this model', xs: calibration.map((bin) => bin.mean), ys: calibration.map((bin) => bin.right), colour: 'c1' }, { name: '', points: 3.5, xs: calibration.map((bin) => bin.mean), ys: calibration.map((bin) => bin.right), colour: 'c1' }]}
        x=${{ name: 'probability of the answer', from: 0, to: 1 }} y=${{ name: 'share that is right', from: 0, to: 1 }}/></div>`}
    </div>
    ${points && html`<${ThresholdChart} points=${points} positives=${positives} negatives=${rows.length - positives} classes=${classes} place=${place} card=${{ ...card, threshold: undefined }}/>`}
    <h3>${cell ? html`${count(shown.length)} rows of ${classes[cell[0]]}, answered as ${classes[cell[1]]} <button type="button" class="link" onClick=${() => setCell(null)}>show all errors</button>`
      : `${count(wrong.length)} of ${count(rows.length)} rows are wrong (${percent(wrong.length / (rows.length || 1))})`}</h3>
    <${Rows} rows=${shown} features=${features} says=${(row) => html`<td>${row.actual}</td><td>${row.prediction}</td><td class="value">${row.probabilities ? percent(row.probabilities[row.prediction]) : ''}</td>`} heads=${['It is', 'Answered', 'Sure']}/>`;
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
      <div><h3>How far off</h3><${Histogram} ...${spread} width=${420} height=${200}/><p class="ends"><span>${number(spread.from)}</span><span>too low · too high</span><span>${number(spread.to)}</span></p>
        <${Plot} title="Differences over answers" height=${200} table=${false} series=${[{ points: 2, xs: at.map((i) => rows[i].prediction), ys: at.map((i) => residuals[i]), colour: 'c2' }]} x=${{ name: 'answered' }} y=${{ name: 'answered less true' }}/></div>
    </div>
    <h3>The rows that are farthest off</h3>
    <${Rows} rows=${far} features=${features} heads=${['It is', 'Answered', 'Off by']} says=${(row) => html`<td class="value">${number(row.actual)}</td><td class="value">${number(row.prediction)}</td><td class="value">${number(row.prediction - row.actual)}</td>`}/>`;
}

const Rows = ({ rows, features, heads, says }) => rows.length ? html`<div class="scroll tall" tabindex="0" role="region" aria-label="Rows"><table class="plain">
  <thead><tr><th scope="col" class="value">Row</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}${features.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
  <tbody>${rows.slice(0, MOST_ERRORS).map((row) => html`<tr><th scope="row" class="value">${row.line}</th>${says(row)}${features.map((name) => html`<td><span class="name">${row.cells?.[name] ?? ''}</span></td>`)}</tr>`)}</tbody></table></div>`
  : html`<p class="about">None.</p>`;
