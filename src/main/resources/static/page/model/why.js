// Which columns matter, and how the answer moves with one or two of them.
import { html } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { change, useLoaded } from '../http/hooks.js';
import { Bars } from '../chart/bars.js';
import { COLOURS, DASHES, Plot } from '../chart/plot.js';
import { Surface } from '../chart/surface.js';
import { DatasetField } from '../dataset/start.js';
import { versionPath } from './model.js';
import { count, isErrorMetric, label, number, part } from '../ui/format.js';
import { Card, Field, Pending, Select } from '../ui/parts.js';

export function Why({ card, query, origin }) {
  if (card.input.type !== 'columns') return html`<${Card} title="Why"><p class="about">This model takes bare numbers, which have no columns to speak of.</p><//>`;
  const names = ordered(card);
  return html`
    <div class="two">
      <div><${Importance} card=${card}/><${Dependence} card=${card} query=${query} names=${names} origin=${origin}/></div>
      <div><${AnswerField} card=${card} query=${query} names=${names} own=${origin.dataset?.id}/></div>
    </div>`;
}

/** The features, those first that matter most. */
export function ordered(card) {
  const means = new Map((card.importance?.columns || []).map((each) => [each.column, each.mean]));
  return card.input.features.map((each) => each.name).sort((a, b) => (means.get(b) ?? 0) - (means.get(a) ?? 0));
}

export function Importance({ card }) {
  const { importance } = card;
  if (!importance?.columns?.length) {
    return html`<${Card} title="Which columns matter"><p class="about">It was not measured for this version: the training left it out, or had no rows that were held out.</p><//>`;
  }
  const rows = [...importance.columns].sort((a, b) => b.mean - a.mean).map(({ column, mean, std }) => ({ name: column, value: mean, spread: std }));
  return html`<${Card} title="Which columns matter"
    about=${`How much ${label(importance.metric)} ${isErrorMetric(importance.metric) ? 'rises' : 'falls'} if the cells of a column are shuffled, on ${count(importance.rows)} rows (${part(importance.part).toLowerCase()}), ${count(importance.shuffles)} times.`}>
    <${Bars} title="Which columns matter" rows=${rows} text=${(value) => number(value, 3)}/>
    <p class="about">Columns that say the same share what they are worth.</p><//>`;
}

const ColumnField = ({ text, name, value, names }) => html`<${Field} label=${text}>
  <${Select} value=${value} options=${names.map((each) => [each, each || '–'])} onChange=${(chosen) => change({ [name]: chosen })}/><//>`;

const MOST_CLASSES = 7;

function Dependence({ card, query, names, origin }) {
  const own = origin.dataset?.id;
  const dataset = query.data || own || '';
  const column = names.includes(query.column) ? query.column : names[0];
  const other = names.includes(query.and) && query.and !== column ? query.and : '';
  const columns = [column, other].filter(Boolean);
  const loaded = useLoaded((signal) => (dataset ? ask(versionPath(card, 'partial-dependence'), { json: { columns, dataset }, signal }) : null), [dataset, column, other, card.version]);
  return html`<${Card} title="How the answer moves with a column" about="The mean answer to the rows, if all of them had the same value there.">
    <div class="inline"><${ColumnField} text="Column" name="column" value=${column} names=${names}/>
      ${names.length > 1 && html`<${ColumnField} text="And" name="and" value=${other} names=${['', ...names.filter((each) => each !== column)]}/>`}</div>
    ${!own && !origin.loading && html`<${DatasetField} action="Use these rows" value=${query.data} onChange=${(data) => change({ data })}/>`}
    <${Pending} of=${origin.loading ? origin : loaded}/>
    ${loaded.value && (loaded.value.points ? html`<${Curve} points=${loaded.value.points} column=${column} card=${card}/>`
      : html`<${Surface} title="Mean answers" names=${columns} found=${loaded.value} card=${card}/>`)}
  <//>`;
}

/** @param points each `{value, answer}` or `{value, probabilities}` */
function Curve({ points, column, card }) {
  const values = points.map((point) => point.value);
  const isNumber = values.every((value) => typeof value === 'number');
  const xs = isNumber ? values : values.map((_, i) => i);
  const parts = partsOf(points[0]);
  const series = parts.slice(0, MOST_CLASSES).map((part, i) => ({ name: part, xs, ys: points.map((point) => partOf(point, part)), colour: COLOURS[i], dash: DASHES[i % DASHES.length], points: isNumber ? false : 4 }));
  const shown = parts.length === 2 && card.target.task === 'classification' ? series.slice(1) : series;
  return html`<${Plot} title=${`Mean answer over ${column}`} series=${shown} x=${{ name: column, labels: isNumber ? undefined : values.map(String) }}
    y=${card.target.task === 'classification' ? { name: shown.length === 1 ? `probability of ${shown[0].name}` : 'probability', from: 0, to: 1 } : { name: card.target.names.length === 1 ? card.target.names[0] : 'answer' }}/>`;
}

const answerOf = (point) => point.probabilities ?? point.answer;
const partsOf = (point) => (typeof answerOf(point) === 'number' ? [''] : Object.keys(answerOf(point)));
const partOf = (point, part) => (part === '' ? answerOf(point) : answerOf(point)[part]);

const SIZE = 50;
const ROWS = 500;

function AnswerField({ card, query, names, own }) {
  if (names.length < 2) return null;
  const numeric = names.filter((name) => card.input.features.find((each) => each.name === name).type === 'numeric');
  const x = names.includes(query.x) ? query.x : numeric[0] ?? names[0];
  const y = names.includes(query.y) && query.y !== x ? query.y : [...numeric, ...names].find((each) => each !== x);
  return html`<${Card} title="What it answers over two columns" about="All other columns as in a typical row. The stronger the colour, the surer the answer.">
    <div class="inline"><${ColumnField} text="Across" name="x" value=${x} names=${names.filter((each) => each !== y)}/><${ColumnField} text="Up" name="y" value=${y} names=${names.filter((each) => each !== x)}/></div>
    <${Answers} card=${card} x=${x} y=${y} data=${own}/>
  <//>`;
}

function Answers({ card, x, y, data }) {
  const loaded = useLoaded((signal) => ask(versionPath(card, 'surface'), { json: { x, y, size: SIZE }, signal }), [x, y, card.version]);
  const rows = useLoaded((signal) => (data ? ask(`datasets/${encodeURIComponent(data)}/rows?limit=${ROWS}`, { signal }) : null), [data]).value?.rows || [];
  if (!loaded.value) return html`<${Pending} of=${loaded}/>`;
  return html`<${Surface} title="Answers" names=${[x, y]} found=${loaded.value} card=${card} points=${rows.map((row) => ({ x: row[x], y: row[y], label: String(row[card.target.names[0]]) }))}/>`;
}
