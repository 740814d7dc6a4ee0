// The columns of a data set: what they are, how they are spread, what is missing.
import { html, useState } from '../vendor/preact.js';
import { Name } from '../ui/parts.js';
import { count, number, percent } from '../ui/format.js';
import { bins } from '../chart/scale.js';
import { Histogram, TopValues } from '../chart/histogram.js';

const TYPES = ['numeric', 'categorical', 'boolean', 'date', 'ignore'];
const MOST = 30;

/**
 * @param sample rows of the data set, for the histograms
 * @param target the column that is to be predicted; its role is shown
 * @param types what was chosen in the place of the type that was found, by column
 * @param onType is told `(column, type)`
 */
export function Columns({ dataset, sample, target, types, onType }) {
  const [all, setAll] = useState(false);
  const [search, setSearch] = useState('');
  const found = dataset.columns.filter((column) => column.name.toLowerCase().includes(search.toLowerCase()));
  const shown = all ? found : found.slice(0, MOST);
  return html`
    ${dataset.columns.length > MOST && html`<label class="search"><span class="unseen">Find a column</span>
      <input type="search" placeholder=${`Find among ${dataset.columns.length} columns`} value=${search} onInput=${(event) => setSearch(event.target.value)}/></label>`}
    <div class="scroll" tabindex="0" role="region" aria-label="Columns"><table class="columns">
      <thead><tr><th scope="col">Column</th><th scope="col">Type</th><th scope="col">Values</th><th scope="col" class="spare">Range</th><th scope="col" class="value">Missing</th><th scope="col" class="value spare">Different</th></tr></thead>
      <tbody>${shown.map((column) => html`<${Row} key=${column.name} column=${column} rows=${dataset.rows} sample=${sample}
        isTarget=${column.name === target} type=${types[column.name] || column.type} onType=${onType}/>`)}</tbody>
    </table></div>
    ${found.length > shown.length && html`<button type="button" class="link" onClick=${() => setAll(true)}>Show all ${count(found.length)} columns</button>`}
    ${!found.length && html`<p class="about">No column has "${search}" in its name.</p>`}`;
}

function Row({ column, rows, sample, isTarget, type, onType }) {
  const missing = column.missing / (rows || 1);
  return html`<tr class=${type === 'ignore' ? 'ignored' : ''}>
    <th scope="row" title=${column.name}><${Name} text=${column.name}/>${isTarget && html` <span class="tag">target</span>`}</th>
    <td><select aria-label=${`Type of ${column.name}`} value=${type} onChange=${(event) => onType(column.name, event.target.value === column.type ? null : event.target.value)}>
      ${TYPES.map((each) => html`<option value=${each} selected=${each === type}>${each}${each === column.type ? '' : each === 'ignore' ? '' : ' *'}</option>`)}</select></td>
    <td class="shape"><${Shape} column=${column} rows=${rows} sample=${sample}/></td>
    <td class="spare range">${range(column)}</td>
    <td class="value">${column.missing ? html`<span class=${missing > 0.2 ? 'much' : ''}>${percent(missing)}</span>` : '0'}</td>
    <td class="value spare">${column.distinct === null ? 'over 10,000' : count(column.distinct)}</td>
  </tr>`;
}

function Shape({ column, rows, sample }) {
  if (column.top) return html`<${TopValues} top=${column.top} rows=${rows}/>`;
  if (column.histogram) return html`<${Histogram} ...${column.histogram}/>`;
  const values = (sample || []).map((row) => row[column.name]).filter((value) => typeof value === 'number');
  return values.length > 1 ? html`<${Histogram} ...${bins(values)}/>` : html`<span class="about">–</span>`;
}

const range = (column) => column.min === null ? '' : column.mean === null
  ? html`${column.min} <span class="about">to</span> ${column.max}`
  : html`${number(column.min)} <span class="about">to</span> ${number(column.max)}<small>mean ${number(column.mean, 3)}</small>`;
