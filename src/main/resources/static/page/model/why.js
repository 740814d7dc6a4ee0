// Which columns matter, and how the answer moves with one or two of them.
import { html } from '../vendor/preact.js';
import { ask } from '../http/api.js';
import { change, useLoaded } from '../http/hooks.js';
import { Bars } from '../chart/bars.js';
import { COLOURS, DASHES, extent, linear, Plot, ticks } from '../chart/plot.js';
import { DatasetField, useTrainingData } from '../dataset/start.js';
import { versionPath } from './model.js';
import { count, isErrorMetric, label, number, part, percent } from '../ui/format.js';
import { Card, Pending } from '../ui/parts.js';

export function Why({ card, query }) {
  if (card.input.type !== 'columns') return html`<${Card} title="Why"><p class="about">This model takes bare numbers, which have no columns to speak of.</p><//>`;
  const names = ordered(card);
  return html`
    <div class="two">
      <div><${Importance} card=${card}/><${Dependence} card=${card} query=${query} names=${names}/></div>
      <div><${AnswerField} card=${card} query=${query} names=${names}/></div>
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

export const columnSelect = ({ text, name, value, names }) => html`<label class="field"><span>${text}</span>
  <select value=${value} onChange=${(event) => change({ [name]: event.target.value })}>${names.map((each) => html`<option value=${each} selected=${each === value}>${each}</option>`)}</select></label>`;

const MOST_CLASSES = 7;

export function Dependence({ card, query, names }) {
  const own = useTrainingData(card);
  const dataset = query.data || own || '';
  const column = names.includes(query.column) ? query.column : names[0];
  const loaded = useLoaded((signal) => (dataset ? ask(versionPath(card, 'partial-dependence'), { json: { columns: [column], dataset }, signal }) : null), [dataset, column, card.version]);
  return html`<${Card} title="How the answer moves with a column" about="The mean answer to the rows, if all of them had the same value there.">
    <div class="inline">${columnSelect({ text: 'Column', name: 'column', value: column, names })}</div>
    ${!own && html`<${DatasetField} action="Use these rows" value=${query.data} onChange=${(data) => change({ data })}/>`}
    <${Pending} of=${loaded}/>
    ${loaded.value && html`<${Curve} points=${loaded.value.points} column=${column} card=${card}/>`}
  <//>`;
}

/** @param points each `{value, answer}` or `{value, probabilities}` */
export function Curve({ points, column, card }) {
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

export function AnswerField({ card, query, names }) {
  if (names.length < 2) return null;
  const numeric = names.filter((name) => card.input.features.find((each) => each.name === name).type === 'numeric');
  const x = names.includes(query.x) ? query.x : numeric[0] ?? names[0];
  const y = names.includes(query.y) && query.y !== x ? query.y : [...numeric, ...names].find((each) => each !== x);
  return html`<${Card} title="What it answers over two columns" about="All other columns as in a typical row. The stronger the colour, the surer the answer.">
    <div class="inline">${columnSelect({ text: 'Across', name: 'x', value: x, names: names.filter((each) => each !== y) })}${columnSelect({ text: 'Up', name: 'y', value: y, names: names.filter((each) => each !== x) })}</div>
    <${Field} card=${card} x=${x} y=${y}/>
  <//>`;
}

function Field({ card, x, y }) {
  const data = useTrainingData(card);
  const loaded = useLoaded((signal) => ask(versionPath(card, 'surface'), { json: { x, y, size: SIZE }, signal }), [x, y, card.version]);
  const rows = useLoaded((signal) => (data ? ask(`datasets/${encodeURIComponent(data)}/rows?limit=${ROWS}`, { signal }).catch(() => null) : null), [data]).value?.rows || [];
  if (!loaded.value) return html`<${Pending} of=${loaded}/>`;
  const target = card.target.names[0];
  const isClass = card.target.task === 'classification';
  const classes = isClass ? (card.target.classes || []).map(String) : null;
  const answers = loaded.value.answers.map((row) => row.map((answer) => simple(answer, isClass, target)));
  return html`<${Surface} names=${[x, y]} x=${loaded.value.x} y=${loaded.value.y} answers=${answers} classes=${classes?.length ? classes : null}
    points=${rows.map((row) => ({ x: row[x], y: row[y], label: String(row[target]) }))}/>`;
}

/** Probabilities by class, or a number; of several targets the first. */
function simple(answer, isClass, target) {
  if (typeof answer === 'number') return answer;
  if (isClass) return answer.probabilities ?? answer;
  return answer.prediction ?? answer.answer ?? answer[target] ?? Object.values(answer)[0];
}

const LEFT = 60;
const BOTTOM = 40;
const WIDTH = 420;
const TOP = 8;

/**
 * @param x, y values of the columns, numbers or texts
 * @param answers a row for each y: a number, or probabilities by class
 * @param points rows of the user `{x, y, label}`, drawn on it
 */
export function Surface({ x, y, answers, points = [], names, classes }) {
  const wide = (WIDTH - LEFT) / x.length;
  const high = (WIDTH - BOTTOM - TOP) / y.length;
  const [low, most] = classes ? [0, 1] : extent(answers.flat());
  const toX = axis(x, LEFT, WIDTH, wide);
  const toY = axis(y, WIDTH - BOTTOM, TOP, high);
  const title = `Answers over ${names[0]} and ${names[1]}`;
  return html`<figure class="surface"><svg viewBox="0 0 ${WIDTH + 8} ${WIDTH}" role="img" aria-label=${title}>
    <g class="field">${answers.map((row, j) => runs(row, classes, low, most).map(([from, length, colour, level]) => html`
      <rect class=${colour} opacity=${0.08 + 0.075 * level} x=${(LEFT + from * wide).toFixed(2)} y=${(WIDTH - BOTTOM - (j + 1) * high).toFixed(2)} width=${(length * wide).toFixed(2)} height=${high.toFixed(2)}/>`))}</g>
    <g class="own">${points.map((point) => inside(point, x, y) && html`<circle class=${classes ? COLOURS[classes.indexOf(point.label) % COLOURS.length] : 'ink'} cx=${toX(point.x)} cy=${toY(point.y)} r="2.6"/>`)}</g>
    <g class="ticks">${marks(x).map(([at, text]) => html`<text x=${toX(at)} y=${WIDTH - BOTTOM + 16} text-anchor="middle">${text}</text>`)}
      ${marks(y).map(([at, text]) => html`<text x=${LEFT - 6} y=${toY(at) + 4} text-anchor="end">${text}</text>`)}
      <text class="axis" x=${(WIDTH + LEFT) / 2} y=${WIDTH - 4} text-anchor="middle">${names[0]}</text>
      <text class="axis" x="12" y=${(WIDTH - BOTTOM) / 2} text-anchor="middle" transform="rotate(-90 12 ${(WIDTH - BOTTOM) / 2})">${names[1]}</text></g>
  </svg>
  <figcaption class="legend">${classes ? classes.slice(0, COLOURS.length).map((each, i) => html`<span><span class="swatch ${COLOURS[i]}"></span>${each}</span>`)
    : html`<span>pale ${number(low)}</span><span>strong ${number(most)}</span>`}
    ${points.length > 0 && html`<span class="about">dots: rows of the data</span>`}</figcaption></figure>`;
}

const LEVELS = 9;

/** Neighbours of one colour as one piece: the class that is likeliest, the stronger the surer. */
function runs(row, classes, low, most) {
  const pieces = [];
  row.forEach((answer, i) => {
    let colour = 'c1';
    let share = (answer - low) / (most - low || 1);
    if (classes) {
      const best = classes.reduce((top, each) => ((answer[each] ?? 0) > (answer[top] ?? 0) ? each : top), classes[0]);
      colour = COLOURS[classes.indexOf(best) % COLOURS.length];
      const none = 1 / classes.length;
      share = ((answer[best] ?? 0) - none) / (1 - none);
    }
    const level = Math.max(0, Math.min(LEVELS, Math.round(share * LEVELS)));
    const last = pieces[pieces.length - 1];
    if (last && last[2] === colour && last[3] === level) last[1]++;
    else pieces.push([i, 1, colour, level]);
  });
  return pieces;
}

const isNumbers = (values) => values.every((value) => typeof value === 'number');

function axis(values, from, to, step) {
  const side = Math.sign(to - from);
  if (isNumbers(values)) return linear(values[0], values[values.length - 1], from + (side * step) / 2, to - (side * step) / 2);
  return (value) => from + side * step * (values.indexOf(value) + 0.5);
}

function marks(values) {
  if (isNumbers(values)) return ticks(values[0], values[values.length - 1], 5).map((tick) => [tick, number(tick, 3)]);
  return values.filter((_, i) => i % Math.ceil(values.length / 8) === 0).map((value) => [value, String(value).slice(0, 9)]);
}

const inside = ({ x: left, y: top }, x, y) => [[left, x], [top, y]].every(([value, values]) =>
  isNumbers(values) ? typeof value === 'number' && value >= values[0] && value <= values[values.length - 1] : values.includes(value));

export const sure = (answer) => (typeof answer === 'number' ? number(answer) : percent(Math.max(...Object.values(answer))));
