// Bars, histograms, sparks and confusion matrices, in tables and SVG.
import { html } from '../vendor/preact.js';
import { count, number, percent } from '../ui/format.js';
import { Name, Table, useSome } from '../ui/parts.js';

const MOST = 15;

/** @param rows each `{name, value, spread, strong}`, in the order to show them in */
export function Bars({ title, rows, text = number, most = MOST, from, to }) {
  const [shown, more] = useSome(rows, most);
  const low = from ?? Math.min(0, ...rows.map((row) => row.value - (row.spread || 0)));
  const high = to ?? Math.max(0, ...rows.map((row) => row.value + (row.spread || 0)));
  const place = (value) => (100 * (value - low)) / (high - low || 1);
  return html`<div class="bars">
    <table aria-label=${title}>
      <thead class="unseen"><tr><th scope="col">Name</th><th scope="col">Bar</th><th scope="col">Value</th></tr></thead>
      <tbody>${shown.map((row) => html`<tr class=${row.strong ? 'strong' : ''}>
        <th scope="row"><${Name} text=${row.name}/></th>
        <td class="bar"><${Bar} row=${row} place=${place}/></td>
        <td class="value">${text(row.value)}${row.spread ? html`<small> ± ${text(row.spread)}</small>` : ''}</td>
      </tr>`)}</tbody>
    </table>
    ${more}
  </div>`;
}

function Bar({ row, place }) {
  const zero = place(0);
  const end = place(row.value);
  return html`<svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
    <rect class=${row.value < 0 ? 'minus' : 'plus'} x=${Math.min(zero, end)} y="3" width=${Math.max(0.4, Math.abs(end - zero))} height="14"/>
    <line class="zero" x1=${zero} x2=${zero} y1="0" y2="20"/>
    ${row.spread ? html`<line class="spread" x1=${place(row.value - row.spread)} x2=${place(row.value + row.spread)} y1="10" y2="10"/>` : ''}
  </svg>`;
}

/** What each bar of a histogram stands for: a value, or those between two edges, of which there may be more below the first and from the last on. */
export function barNames({ edges, values }, bars) {
  if (values) return [...values.map(String), 'others'].slice(0, bars);
  const text = (edge) => (typeof edge === 'number' ? number(edge, 4) : edge);
  const open = bars > edges.length;
  return Array.from({ length: bars }, (_, i) => {
    const [from, to] = open ? [edges[i - 1], edges[i]] : [edges[i], edges[i + 1]];
    return from === undefined ? `below ${text(to)}` : to === undefined ? `from ${text(from)}` : `${text(from)} to ${text(to)}`;
  });
}

const WIDTH = 160;
const HEIGHT = 40;

/** @param heights of the bars; `behind` are those of what they are compared with */
export function Histogram({ heights, behind, names }) {
  const most = Math.max(...heights, ...(behind || []), 1e-9);
  const step = WIDTH / heights.length;
  const bars = (all, kind, inset) => all.map((each, i) => html`<rect class=${kind} x=${(i + inset) * step + 0.5} width=${Math.max(1, step * (1 - 2 * inset) - 1)} y=${HEIGHT * (1 - each / most)} height=${(HEIGHT * each) / most}>
    <title>${names[i]}: ${number(each)}</title></rect>`);
  return html`<svg class="histogram" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${names.map((name, i) => `${name}: ${number(heights[i], 3)}`).join(', ')} preserveAspectRatio="none">
    ${behind && bars(behind, '', 0)}${bars(heights, behind ? 'now' : '', behind ? 0.2 : 0)}
  </svg>`;
}

/** @param top each `{value, count}`; `rows` how many there are in all */
export function TopValues({ top, rows, most = 3 }) {
  const rest = top.slice(most).length;
  return html`<ul class="tops">
    ${top.slice(0, most).map(({ value, count }) => html`<li title=${`${value}: ${count} of ${rows} rows`}>
      <${Name} text=${value}/>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width=${(100 * count) / rows} height="6"/></svg>
      <span class="share">${Math.round((100 * count) / rows)} %</span></li>`)}
    ${rest > 0 && html`<li class="more">and more</li>`}
  </ul>`;
}

export function Spark({ values, others, width = 120, height = 28, title }) {
  const all = [...values, ...(others || [])].filter((value) => value !== null && Number.isFinite(value));
  if (values.length < 2 || !all.length) return html`<span class="nospark" aria-hidden="true"></span>`;
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const path = (list) => list.map((value, i) => value === null || !Number.isFinite(value) ? ''
    : `${i ? 'L' : 'M'}${((i / (list.length - 1)) * width).toFixed(1)} ${(height - 2 - ((value - low) / span) * (height - 4)).toFixed(1)}`).join('');
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" role="img" aria-label=${title}>
    <path class="line c1" d=${path(values)}/>${others && html`<path class="line c2" stroke-dasharray="4 2" d=${path(others)}/>`}
  </svg>`;
}

const NAMED = 16;

/**
 * @param matrix counts by actual class, then by answered class
 * @param onCell is told `(actual, answered)` of a cell that is asked for; null if cells answer nothing
 */
export function Matrix({ name = 'Confusion matrix', classes, matrix, onCell }) {
  const many = classes.length > NAMED;
  return html`<div>
    <div class="scroll matrix ${many ? 'many' : ''}" tabindex="0" role="group" aria-label=${name}>
      <table>
        <caption>rows: what it is · columns: what was answered</caption>
        <thead><tr><td></td>${classes.map((name) => html`<th scope="col" title=${String(name)}><span>${String(name)}</span></th>`)}</tr></thead>
        <tbody>${matrix.map((row, i) => {
          const sum = row.reduce((a, b) => a + b, 0) || 1;
          return html`<tr><th scope="row" title=${String(classes[i])}><span>${String(classes[i])}</span></th>
            ${row.map((cell, j) => html`<${Cell} cell=${cell} share=${cell / sum} right=${i === j} many=${many}
              title=${`${count(cell)} of ${count(sum)} of ${classes[i]} (${percent(cell / sum)}) answered as ${classes[j]}`}
              onAsk=${onCell && cell ? () => onCell(i, j) : null}/>`)}</tr>`;
        })}</tbody>
      </table>
    </div>
    ${many && html`<${Confusions} classes=${classes} matrix=${matrix} onCell=${onCell}/>`}
  </div>`;
}

function Cell({ cell, share, right, many, title, onAsk }) {
  const text = many ? '' : count(cell);
  return html`<td class="${right ? 'right' : 'wrong'} ${share > 0.6 ? 'most' : cell ? 'some' : ''}" style=${{ '--share': share.toFixed(2) }} title=${title}>
    ${onAsk && !many ? html`<button onClick=${onAsk} aria-label=${`${title}; show rows`}>${text}</button>` : text}</td>`;
}

const WORST = 10;

/** Of many classes, the pairs that are taken for each other most. */
function Confusions({ classes, matrix, onCell }) {
  const pairs = [];
  matrix.forEach((row, i) => row.forEach((cell, j) => i !== j && cell && pairs.push([cell, i, j])));
  pairs.sort((a, b) => b[0] - a[0]);
  if (!pairs.length) return null;
  return html`<h3>Most frequent mistakes</h3><${Table} name="Most frequent mistakes" heads=${['It is', 'Answered', '>Rows']}
    rows=${pairs.slice(0, WORST).map(([cell, i, j]) => [String(classes[i]), String(classes[j]),
      onCell ? html`<button class="link" onClick=${() => onCell(i, j)}>${count(cell)}</button>` : count(cell)])}/>`;
}
