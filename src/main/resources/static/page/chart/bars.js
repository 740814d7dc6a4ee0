// Bars that lie, a row for each name: how much columns matter, what pushed an answer, probabilities.
import { html, useState } from '../vendor/preact.js';
import { number } from '../ui/format.js';
import { Name } from '../ui/parts.js';

const MOST = 15;

/**
 * @param rows each `{name, value, spread, note, strong}`, in the order to show them in
 * @param text how a value is written
 * @param most rows that are shown before who reads asks for all
 */
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
    ${rows.length > shown.length && html`<button type="button" class="link" onClick=${() => setAll(true)}>Show all ${rows.length}</button>`}
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
