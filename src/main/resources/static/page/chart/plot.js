// A small chart of lines, points or bands in SVG, with axes. It can stand in a report without a script.
import { html } from '../vendor/preact.js';
import { number } from '../ui/format.js';
import { Behind } from '../ui/parts.js';
import { extent, line, linear, ticks } from './scale.js';

const LEFT = 52;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 38;

/**
 * @param title what it shows, for those who do not see it
 * @param series each `{name, xs, ys, colour, dash, points, steps}`
 * @param x, y `{name, from, to, labels}`; the range is that of the data unless it is given
 * @param band `{xs, low, high}`, drawn below the lines
 * @param diagonal whether the line from corner to corner is drawn
 * @param mark `{x, y, text}`, a point that is pointed out
 */
export function Plot({ title, series, x = {}, y = {}, band, diagonal, mark, width = 420, height = 280, table = true }) {
  const [x0, x1] = x.from === undefined ? extent(series.flatMap((each) => each.xs)) : [x.from, x.to];
  const [low, high] = y.from === undefined
    ? extent([...series.flatMap((each) => each.ys), ...(band ? [...band.low, ...band.high] : [])]) : [y.from, y.to];
  const pad = y.from === undefined ? (high - low) * 0.06 : 0;
  const toX = linear(x0, x1, LEFT, width - RIGHT);
  const toY = linear(low - pad, high + pad, height - BOTTOM, TOP);
  const xTicks = x.labels ? x.labels.map((_, i) => i) : ticks(x0, x1, Math.max(3, Math.floor(width / 90)));
  const yTicks = ticks(low - pad, high + pad, Math.max(3, Math.floor(height / 60)));
  return html`<figure class="plot">
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${title}>
      <title>${title}</title>
      <g class="grid">${yTicks.map((tick) => html`<line x1=${LEFT} x2=${width - RIGHT} y1=${toY(tick)} y2=${toY(tick)}/>`)}</g>
      <g class="ticks">
        ${yTicks.map((tick) => html`<text x=${LEFT - 8} y=${toY(tick) + 4} text-anchor="end">${number(tick, 3)}</text>`)}
        ${xTicks.map((tick) => html`<text x=${toX(tick)} y=${height - BOTTOM + 18} text-anchor="middle">${x.labels ? short(x.labels[tick], xTicks.length) : number(tick, x.digits || 4)}</text>`)}
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
    ${series.length > 1 && html`<figcaption class="legend">${series.filter((each) => each.name).map((each) => html`
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
