// Answers over two columns as a field of colours.
import { html } from '../vendor/preact.js';
import { number, percent } from '../ui/format.js';
import { COLOURS, extent, linear, ticks } from './scale.js';

const LEFT = 60;
const BOTTOM = 40;
const SIZE = 420;
const TOP = 8;

/**
 * @param x, y values of the columns, numbers or texts
 * @param answers a row for each y: a number, or probabilities by class
 * @param points rows of the user `{x, y, label}`, drawn on it
 */
export function Surface({ x, y, answers, points = [], names, classes }) {
  const wide = (SIZE - LEFT) / x.length;
  const high = (SIZE - BOTTOM - TOP) / y.length;
  const [low, most] = classes ? [0, 1] : extent(answers.flat());
  const toX = axis(x, LEFT, SIZE, wide);
  const toY = axis(y, SIZE - BOTTOM, TOP, high);
  const title = `Answers over ${names[0]} and ${names[1]}`;
  return html`<figure class="surface"><svg viewBox="0 0 ${SIZE + 8} ${SIZE}" role="img" aria-label=${title}><title>${title}</title>
    <g class="field">${answers.map((row, j) => runs(row, classes, low, most).map(([from, length, colour, level]) => html`
      <rect class="${colour} o${level}" x=${(LEFT + from * wide).toFixed(1)} y=${(SIZE - BOTTOM - (j + 1) * high).toFixed(1)} width=${(length * wide + 0.4).toFixed(1)} height=${(high + 0.4).toFixed(1)}/>`))}</g>
    <g class="own">${points.map((point) => inside(point, x, y) && html`<circle class=${classes ? COLOURS[classes.indexOf(point.label) % COLOURS.length] : 'ink'} cx=${toX(point.x)} cy=${toY(point.y)} r="2.6"/>`)}</g>
    <g class="ticks">${marks(x).map(([at, text]) => html`<text x=${toX(at)} y=${SIZE - BOTTOM + 16} text-anchor="middle">${text}</text>`)}
      ${marks(y).map(([at, text]) => html`<text x=${LEFT - 6} y=${toY(at) + 4} text-anchor="end">${text}</text>`)}
      <text class="axis" x=${(SIZE + LEFT) / 2} y=${SIZE - 4} text-anchor="middle">${names[0]}</text>
      <text class="axis" x="12" y=${(SIZE - BOTTOM) / 2} text-anchor="middle" transform="rotate(-90 12 ${(SIZE - BOTTOM) / 2})">${names[1]}</text></g>
  </svg>
  <figcaption class="legend">${classes ? classes.slice(0, COLOURS.length).map((each, i) => html`<span><span class="swatch ${COLOURS[i]}"></span>${each}</span>`)
    : html`<span><span class="swatch c1 o1"></span>${number(low)}</span><span><span class="swatch c1 o9"></span>${number(most)}</span>`}
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
