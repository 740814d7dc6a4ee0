// What a model answers over two columns, as a field of colours.
import { html } from '../vendor/preact.js';
import { COLOURS, extent, linear, ticks, useWidth } from './plot.js';
import { brief, number, percent } from '../ui/format.js';
import { Behind } from '../ui/parts.js';

/** Probabilities by class, or a number; of several targets the first. */
function simple(answer, isClass, target) {
  if (typeof answer === 'number') return answer;
  if (isClass) return answer.probabilities ?? answer;
  return answer.prediction ?? answer.answer ?? answer[target] ?? Object.values(answer)[0];
}

const LEFT = 60;
const BOTTOM = 40;
const TOP = 8;
const RIGHT = 8;

/**
 * @param found `{x, y, answers}`: the values of two columns, and a row of answers for each y
 * @param points rows of the user `{x, y, label}`, drawn on it
 */
export function Surface({ title: what, names, found: { x, y, answers: all }, card, points = [] }) {
  const [place, WIDTH] = useWidth(420);
  const target = card.target.names[0];
  const isClass = card.target.task === 'classification';
  const classes = isClass && card.target.classes?.length ? card.target.classes.map(String) : null;
  const answers = all.map((row) => row.map((answer) => simple(answer, isClass, target)));
  const edge = WIDTH - RIGHT;
  const wide = (edge - LEFT) / x.length;
  const high = (WIDTH - BOTTOM - TOP) / y.length;
  const [low, most] = classes ? [0, 1] : extent(answers.flat());
  const toX = axis(x, LEFT, edge, wide);
  const toY = axis(y, WIDTH - BOTTOM, TOP, high);
  const title = `${what} over ${names[0]} and ${names[1]}`;
  return html`<figure class="surface" ref=${place}><svg viewBox="0 0 ${WIDTH} ${WIDTH}" role="img" aria-label=${title}>
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
    ${points.length > 0 && html`<span class="about">dots: rows of the data</span>`}</figcaption>
    <${Behind} name=${title} columns=${[...names, ...(classes ? ['Answer', 'Probability'] : [target])]} rows=${x.length * y.length} row=${(i) => {
      const [from, up] = [i % x.length, Math.floor(i / x.length)];
      const answer = answers[up][from];
      const best = classes && likeliest(answer, classes);
      return [number(x[from]), number(y[up]), ...(classes ? [best, percent(answer[best])] : [number(answer)])];
    }}/></figure>`;
}

const likeliest = (answer, classes) => classes.reduce((top, each) => ((answer[each] ?? 0) > (answer[top] ?? 0) ? each : top), classes[0]);

const LEVELS = 9;

/** Neighbours of one colour as one piece: the class that is likeliest, the stronger the surer. */
function runs(row, classes, low, most) {
  const pieces = [];
  row.forEach((answer, i) => {
    let colour = 'c1';
    let share = (answer - low) / (most - low || 1);
    if (classes) {
      const best = likeliest(answer, classes);
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
  if (isNumbers(values)) return ticks(values[0], values[values.length - 1], 5).map((tick) => [tick, brief(tick)]);
  return values.filter((_, i) => i % Math.ceil(values.length / 8) === 0).map((value) => [value, String(value).slice(0, 9)]);
}

const inside = ({ x: left, y: top }, x, y) => [[left, x], [top, y]].every(([value, values]) =>
  isNumbers(values) ? typeof value === 'number' && value >= values[0] && value <= values[values.length - 1] : values.includes(value));
