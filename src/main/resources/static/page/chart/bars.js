// Bars, histograms, sparks and confusion matrices, in tables and SVG.
import { html, useState } from '../vendor/preact.js';
import { count, number, percent } from '../ui/format.js';
import { Name, Table } from '../ui/parts.js';

const MOST = 15;

/** @param rows each `{name, value, spread, note, strong}`, in the order to show them in */
export function Bars({ title, rows, text = number, most = MOST, from, to }) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, most);
  const low = from ?? Math.min(0, ...rows.map((row) => row.value - (row.spread || 0)));
  const high = to ?? Math.max(0, ...rows.map((row) => row.value + (row.spread || 0)));
  const place = (value) => (100 * (value - low)) / (high - low || 1);
  return html`<div class="bars">
    <table aria-label=${title}>
      <thead class="unseen"><tr><th scope="col">Name</th><th scope="col">Bar</th><th scope="col">Value</th></tr></thead>
      <tbody>${shown.map((row) => html`<tr class=${row.strong ? 'strong' : ''}>
        <th scope="row"><${Name} text=${row.name}/>${row.note && html`<small>${row.note}</small>`}</th>
        <td class="bar"><${Bar} row=${row} place=${place}/></td>
        <td class="value">${text(row.value)}${row.spread ? html`<small> ± ${text(row.spread)}</small>` : ''}</td>
      </tr>`)}</tbody>
    </table>
    ${rows.length > shown.length && html`<button class="link" onClick=${() => setAll(true)}>Show all ${rows.length}</button>`}
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

/** @param from, to, counts as `bins` gives them */
export function Histogram({ from, to, counts, width = 160, height = 40 }) {
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  const text = `between ${number(from, 3)} and ${number(to, 3)}, ${counts.length} equal parts: ${counts.join(', ')}`;
  return html`<svg class="histogram" viewBox="0 0 ${width} ${height}" role="img" aria-label=${text} preserveAspectRatio="none">
    <title>${text}</title>
    ${counts.map((each, i) => html`<rect x=${i * step + 0.5} width=${Math.max(1, step - 1)} y=${height - (each / most) * height} height=${(each / most) * height}/>`)}
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
    <div class="scroll matrix ${many ? 'many' : ''}" tabindex="0" role="region" aria-label=${name}>
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
    ${many && html`<${Confusions} classes=${classes} matrix=${matrix}/>`}
  </div>`;
}

function Cell({ cell, share, right, many, title, onAsk }) {
  const text = many ? '' : count(cell);
  return html`<td class="${right ? 'right' : 'wrong'} ${share > 0.6 ? 'most' : cell ? 'some' : ''}" style=${{ '--share': share.toFixed(2) }} title=${title}>
    ${onAsk && !many ? html`<button onClick=${onAsk} aria-label=${`${title}; show rows`}>${text}</button>` : text}</td>`;
}

const WORST = 10;

/** Of many classes, the pairs that are taken for each other most. */
function Confusions({ classes, matrix }) {
  const pairs = [];
  matrix.forEach((row, i) => row.forEach((cell, j) => i !== j && cell && pairs.push([cell, classes[i], classes[j]])));
  pairs.sort((a, b) => b[0] - a[0]);
  if (!pairs.length) return null;
  return html`<h3>Most frequent mistakes</h3><${Table} name="Most frequent mistakes" heads=${['It is', 'Answered', '>Rows']}
    rows=${pairs.slice(0, WORST).map(([cell, actual, answered]) => [String(actual), String(answered), count(cell)])}/>`;
}
