// The fields of a row: sliders for numbers, pickers for categories.
import { html, useState } from '../vendor/preact.js';
import { Name } from '../ui/parts.js';
import { count, number } from '../ui/format.js';
import { firstValue, slider } from './row.js';

const MOST = 24;
const FEW = 4;

/** @param names of the columns, those first that matter most */
export function Inputs({ card, names, row, onRow }) {
  const [all, setAll] = useState(false);
  const [search, setSearch] = useState('');
  if (Array.isArray(row)) return html`<${Numbers} row=${row} onRow=${onRow}/>`;
  const found = names.filter((name) => name.toLowerCase().includes(search.toLowerCase()));
  const shown = all ? found : found.slice(0, MOST);
  const features = new Map(card.input.features.map((each) => [each.name, each]));
  const put = (name, value) => onRow({ ...row, [name]: value });
  return html`
    ${names.length > MOST && html`<label class="search"><span class="unseen">Find a column</span><input type="search" placeholder=${`Find among ${names.length} columns`} value=${search} onInput=${(event) => setSearch(event.target.value)}/></label>`}
    <div class="inputs">${shown.map((name) => html`<${Input} key=${name} feature=${features.get(name)} typical=${card.typicalRow} value=${row[name]} onPut=${(value) => put(name, value)}/>`)}</div>
    ${found.length > shown.length && html`<button type="button" class="link" onClick=${() => setAll(true)}>Show all ${count(found.length)} columns</button>`}`;
}

function Input({ feature, typical, value, onPut }) {
  const missing = value === null;
  const text = `input-${feature.name}`;
  return html`<div class="input ${missing ? 'missing' : ''}">
    <label for=${text}><${Name} text=${feature.name}/></label>
    ${feature.nullable && html`<label class="check"><input type="checkbox" checked=${missing} onChange=${(event) => onPut(event.target.checked ? null : firstValue(feature, typical))}/>missing</label>`}
    <div class="control">${feature.categories || feature.type === 'boolean' ? html`<${Picker} id=${text} feature=${feature} value=${value} onPut=${onPut}/>`
      : feature.type === 'date' ? html`<input id=${text} value=${value ?? ''} disabled=${missing} placeholder=${feature.format || ''} onChange=${(event) => onPut(event.target.value)}/>`
      : html`<${Slider} id=${text} feature=${feature} value=${value} onPut=${onPut}/>`}</div>
  </div>`;
}

function Slider({ id, feature, value, onPut }) {
  const { min, max, step } = slider(feature);
  const disabled = value === null;
  const outside = !disabled && (value < min || value > max);
  return html`<input type="range" tabindex="0" aria-label=${`${feature.name}, slider`} min=${min} max=${max} step=${step} value=${disabled ? min : value} disabled=${disabled} onInput=${(event) => onPut(Number(event.target.value))}/>
    <input type="number" id=${id} step="any" class=${outside ? 'outside' : ''} value=${disabled ? '' : value} disabled=${disabled} onInput=${(event) => event.target.value !== '' && onPut(Number(event.target.value))}/>
    <small>${number(min)} to ${number(max)}${outside ? ', which this is outside of' : ''}</small>`;
}

function Picker({ id, feature, value, onPut }) {
  const options = feature.categories || [false, true];
  const missing = value === null;
  if (options.length > FEW) {
    return html`<select id=${id} disabled=${missing} value=${missing ? '' : options.indexOf(value)} onChange=${(event) => onPut(options[Number(event.target.value)])}>
      ${options.map((each, i) => html`<option value=${i} selected=${each === value}>${String(each)}</option>`)}</select>`;
  }
  return html`<div class="pick" role="group" aria-label=${feature.name}>${options.map((each, i) => html`
    <button type="button" id=${i ? null : id} class=${each === value ? 'on' : ''} aria-pressed=${each === value} disabled=${missing} onClick=${() => onPut(each)}>${String(each)}</button>`)}</div>`;
}

const Numbers = ({ row, onRow }) => html`<div class="inputs numbers">${row.map((value, i) => html`<label class="field"><span>input ${i + 1}</span>
  <input type="number" step="any" value=${value} onInput=${(event) => event.target.value !== '' && onRow(row.map((each, j) => (j === i ? Number(event.target.value) : each)))}/></label>`)}</div>`;
