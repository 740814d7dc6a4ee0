// A small chart in SVG, which can stand in a report without a script.
import { html, useEffect, useRef, useState } from '../vendor/preact.js';
import { brief, number } from '../ui/format.js';
import { Behind } from '../ui/parts.js';

export const linear = (from, to, low, high) => {
  const span = to - from || 1;
  return (value) => low + ((value - from) / span) * (high - low);
};

/** The least and the greatest finite value; of none 0 and 1. */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value !== null && Number.isFinite(value)) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low > high ? [0, 1] : low === high ? [low - Math.abs(low || 1) / 2, high + Math.abs(high || 1) / 2] : [low, high];
}

/** Round values between two, about so many. */
export function ticks(from, to, about = 5) {
  const raw = (to - from) / about || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= raw * 0.999);
  const all = [];
  for (let at = Math.ceil(from / step - 1e-9) * step; at <= to + step * 1e-9; at += step) {
    all.push(Math.abs(at) < step * 1e-9 ? 0 : Number(at.toPrecision(12)));
  }
  return all;
}

/** The width of an element, so that what is drawn in it has letters of one size. */
export function useWidth(width) {
  const place = useRef(null);
  const [wide, setWide] = useState(width);
  useEffect(() => {
    const sized = new ResizeObserver(([entry]) => setWide(Math.max(200, Math.round(entry.contentRect.width))));
    sized.observe(place.current);
    return () => sized.disconnect();
  }, []);
  return [place, wide];
}

/** A path through points, broken where a value is missing. */
export function line(xs, ys, x, y) {
  let path = '';
  let pen = 'M';
  for (let i = 0; i < xs.length; i++) {
    if (ys[i] === null || ys[i] === undefined || !Number.isFinite(ys[i])) {
      pen = 'M';
      continue;
    }
    path += `${pen}${x(xs[i]).toFixed(1)} ${y(ys[i]).toFixed(1)}`;
    pen = 'L';
  }
  return path;
}

/** Places of at most so many of a number of values, the last one among them. */
export function thinned(length, most) {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
}

// The colours of Okabe and Ito, which the colour-blind can tell apart, by their names in the style sheet.
export const COLOURS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'];
export const DASHES = ['', '6 3', '2 3', '8 3 2 3', '12 4'];

const LEFT = 52;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 38;

/**
 * @param series each `{name, xs, ys, colour, dash, points}`
 * @param x, y `{name, from, to, labels}`; the range is that of the data unless it is given
 * @param band `{xs, low, high}`, drawn below the lines
 * @param mark `{x, y, text}`, a point that is pointed out
 * @param width before it is known how much room there is
 */
export function Plot({ title, series, x = {}, y = {}, band, diagonal, mark, width: first = 420, height = 280, table = true, legend = series.length > 1 }) {
  const [place, width] = useWidth(first);
  const [x0, x1] = x.labels ? [-0.5, x.labels.length - 0.5] : x.from === undefined ? extent(series.flatMap((each) => each.xs)) : [x.from, x.to];
  const [low, high] = y.from === undefined
    ? extent([...series.flatMap((each) => each.ys), ...(band ? [...band.low, ...band.high] : [])]) : [y.from, y.to];
  const pad = y.from === undefined ? (high - low) * 0.06 : 0;
  const toX = linear(x0, x1, LEFT, width - RIGHT);
  const toY = linear(low - pad, high + pad, height - BOTTOM, TOP);
  const xTicks = x.labels ? x.labels.map((_, i) => i) : ticks(x0, x1, Math.max(3, Math.floor(width / 90))).filter((tick) => x.name !== 'epoch' || Number.isInteger(tick));
  const yTicks = ticks(low - pad, high + pad, Math.max(3, Math.floor(height / 60)));
  return html`<figure class="plot" ref=${place}>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${title}>
      <g class="grid">${yTicks.map((tick) => html`<line x1=${LEFT} x2=${width - RIGHT} y1=${toY(tick)} y2=${toY(tick)}/>`)}</g>
      <g class="ticks">
        ${yTicks.map((tick) => html`<text x=${LEFT - 8} y=${toY(tick) + 4} text-anchor="end">${brief(tick)}</text>`)}
        ${xTicks.map((tick) => html`<text x=${toX(tick)} y=${height - BOTTOM + 18} text-anchor="middle">${x.labels ? short(x.labels[tick], xTicks.length) : brief(tick)}</text>`)}
        <text class="axis" x=${(LEFT + width - RIGHT) / 2} y=${height - 4} text-anchor="middle">${x.name || ''}</text>
        <text class="axis" x="12" y=${(TOP + height - BOTTOM) / 2} text-anchor="middle" transform="rotate(-90 12 ${(TOP + height - BOTTOM) / 2})">${y.name || ''}</text>
      </g>
      ${band && html`<path class="band" d=${ribbon(band, toX, toY)}/>`}
      ${diagonal && html`<line class="diagonal" x1=${toX(x0)} y1=${toY(low)} x2=${toX(x1)} y2=${toY(high)}/>`}
      ${series.map((each) => each.points
        ? html`<g class="points ${each.colour || 'c1'}">${each.xs.map((at, i) => html`<circle cx=${toX(at).toFixed(1)} cy=${toY(each.ys[i]).toFixed(1)} r=${each.points === true ? 2.5 : each.points}/>`)}</g>`
        : html`<path class="line ${each.colour || 'c1'}" stroke-dasharray=${each.dash || null} d=${line(each.xs, each.ys, toX, toY)}/>`)}
      ${mark && Number.isFinite(mark.y) && html`<g class="mark"><circle cx=${toX(mark.x)} cy=${toY(mark.y)} r="6"/>
        ${mark.text && html`<text x=${toX(mark.x)} y=${toY(mark.y) - 10} text-anchor=${toX(mark.x) > width * 0.7 ? 'end' : 'start'}>${mark.text}</text>`}</g>`}
    </svg>
    ${legend && html`<figcaption class="legend">${series.filter((each) => each.name).map((each) => html`
      <span><svg viewBox="0 0 24 8" aria-hidden="true"><path class="line ${each.colour}" stroke-dasharray=${each.dash || null} d="M0 4H24"/></svg>${each.name}</span>`)}</figcaption>`}
    ${table && html`<${Behind} name=${title} columns=${[x.name || 'x', ...(series.length > 1 ? ['Line'] : []), y.name || 'y']}
      rows=${series.reduce((sum, each) => sum + each.xs.length, 0)} row=${(i) => cells(series, x, i)}/>`}
  </figure>`;
}

function cells(series, x, place) {
  let i = place;
  for (const each of series) {
    if (i < each.xs.length) {
      const at = x.labels ? x.labels[each.xs[i]] : number(each.xs[i], 6);
      return series.length > 1 ? [at, each.name, number(each.ys[i], 6)] : [at, number(each.ys[i], 6)];
    }
    i -= each.xs.length;
  }
  return [];
}

function ribbon({ xs, low, high }, toX, toY) {
  const back = [...xs.keys()].reverse();
  return `${line(xs, high, toX, toY)}${back.map((i) => `L${toX(xs[i]).toFixed(1)} ${toY(low[i]).toFixed(1)}`).join('')}Z`;
}

function short(text, among) {
  const most = Math.max(4, Math.floor(46 / Math.max(among, 1)));
  const whole = String(text);
  return whole.length > most ? `${whole.slice(0, most - 1)}…` : whole;
}
