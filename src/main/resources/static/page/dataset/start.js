// The first view: a table comes in, a model comes out.
import { html, useState } from '../vendor/preact.js';
import { all, ask } from '../http/api.js';
import { change, go, to, useAsked, useCaller, useLoaded, useMay } from '../http/hooks.js';
import { Histogram, TopValues } from '../chart/bars.js';
import { bins } from '../chart/plot.js';
import { Upload } from './upload.js';
import { TrainForm } from '../intake/form.js';
import { ago, bytes, count, number, percent } from '../ui/format.js';
import { Card, Fault, Name, Pending, Sure, Table, View, Warnings } from '../ui/parts.js';

export const Start = ({ query }) => query.dataset ? html`<${Chosen} key=${query.dataset} id=${query.dataset} query=${query}/>` : html`<${Welcome}/>`;

const LISTED = 12;

function Welcome() {
  const known = useLoaded((signal) => all('datasets', LISTED, signal), []);
  const datasets = known.value?.items || [];
  return html`<${View} title="Train a model from a table" kind="mid"
    about="Give it rows with the answer in one column. It learns to answer for new rows, says how sure it is, and shows why.">
    <${Upload}/>
    <${Fault} fault=${known.fault} again=${known.again}/>
    ${datasets.length > 0 && html`<h2 class="line"><span>or go on with one that is here</span></h2>
      <${Datasets} datasets=${datasets} again=${known.again}/>`}
  <//>`;
}

function Datasets({ datasets, again }) {
  const caller = useCaller();
  const remove = (id) => ask(`datasets/${id}`, { method: 'DELETE' }).then(again, again);
  const mine = (each) => caller.role === 'admin' || (each.owner !== null && each.owner === caller.id);
  return html`<${Card}><${Table} name="Data sets" heads=${['Data set', '>Rows', '>~Size', '~Uploaded', '-Actions']}>${datasets.map((each) => html`<tr key=${each.id}>
      <th scope="row"><a href=${to([], { dataset: each.id })}><${Name} text=${each.name}/></a></th>
      <td class="value">${count(each.rows)}</td><td class="value spare">${bytes(each.bytes)}</td><td class="spare">${ago(each.createdAt)}</td>
      <td class="value">${mine(each) && html`<${Sure} kind="link" question=${`Delete ${each.name}?`} onSure=${() => remove(each.id)}>Delete<//>`}</td></tr>`)}<//><//>`;
}

const SAMPLE = 500;

function Chosen({ id, query }) {
  const known = useAsked(`datasets/${encodeURIComponent(id)}`);
  const rows = useAsked(`datasets/${encodeURIComponent(id)}/rows?limit=${SAMPLE}`);
  const dataset = known.value;
  if (!dataset) {
    return html`<${View} title="Data set" trail=${[['Start', to([])]]}><${Pending} of=${known}/><//>`;
  }
  const names = dataset.columns.map((column) => column.name);
  const target = names.includes(query.target) ? query.target : names[names.length - 1];
  const types = parsed(query.types);
  const setType = (column, type) => {
    const { [column]: _, ...others } = types;
    const now = type ? { ...others, [column]: type } : others;
    change({ types: Object.keys(now).length ? JSON.stringify(now) : null });
  };
  return html`<${View} title=${dataset.name} trail=${[['Start', to([])]]} kind="wide"
    about=${`${count(dataset.rows)} rows, ${count(names.length)} columns, ${bytes(dataset.bytes)} in memory`}
    actions=${html`<button type="button" onClick=${() => go([])}>Another table</button>`}>
    <${Warnings} warnings=${dataset.warnings} title="The table has something to look at"/>
    <div class="split">
      <${Card} title="Columns" about=${rows.value && dataset.rows > SAMPLE ? `Shapes are those of the first ${SAMPLE} rows.` : ''}>
        <${Columns} dataset=${dataset} sample=${rows.value?.rows} target=${target} types=${types} onType=${setType}/>
      <//>
      <${TrainForm} dataset=${dataset} target=${target} types=${types} query=${query}/>
    </div>
  <//>`;
}

function parsed(text) {
  try {
    return JSON.parse(text || '{}');
  } catch {
    return {};
  }
}

const TYPES = ['numeric', 'categorical', 'boolean', 'date', 'ignore'];
const MOST = 30;

/**
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
    <${Table} name="Columns" kind="columns" heads=${['Column', 'Type', 'Values', '~Range', '>Missing', '>~Different']}>${shown.map((column) => html`<${Row} key=${column.name} column=${column} rows=${dataset.rows} sample=${sample}
        isTarget=${column.name === target} type=${types[column.name] || column.type} onType=${onType}/>`)}<//>
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
  const values = (sample || []).map((row) => row[column.name]).filter((value) => typeof value === 'number');
  return values.length > 1 ? html`<${Histogram} ...${bins(values)}/>` : html`<span class="about">–</span>`;
}

const range = (column) => column.min === null ? '' : column.mean === null
  ? html`${column.min} <span class="about">to</span> ${column.max}`
  : html`${number(column.min)} <span class="about">to</span> ${number(column.max)}<small>mean ${number(column.mean, 3)}</small>`;

const OFFERED = 200;

/** @param onChange is told the id of the chosen one, or its name if it is not known here */
export function DatasetField({ value, onChange, action, label = 'Data set' }) {
  const may = useMay('train');
  const known = useLoaded((signal) => (may ? all('datasets', OFFERED, signal) : { items: [] }), [may]);
  const datasets = known.value?.items || [];
  const [typed, setTyped] = useState(null);
  const text = typed ?? datasets.find((each) => each.id === value)?.name ?? value ?? '';
  const submit = (event) => {
    event.preventDefault();
    onChange(datasets.find((each) => each.name === text)?.id ?? text);
  };
  const list = `datasets-${action.replace(/\W/g, '')}`;
  return html`<form class="inline" onSubmit=${submit}>
    <label class="field"><span>${label}</span><input name="dataset" list=${list} value=${text} placeholder="its name or id" autocomplete="off" onInput=${(event) => setTyped(event.target.value)} required/></label>
    <datalist id=${list}>${[...new Set(datasets.map((each) => each.name))].map((each) => html`<option value=${each}/>`)}</datalist>
    <button>${action}</button>
    ${value && html`<button type="button" class="link" onClick=${() => { setTyped(null); onChange(null); }}>Clear</button>`}
  </form>`;
}

/** The id of the data set that a version was trained on; null if it is gone or not to be seen. */
export function useTrainingData(card) {
  const may = useMay('train');
  return useLoaded(async (signal) => {
    const id = card.provenance?.trainingId;
    if (!may || !id) return null;
    const training = await ask(`trainings/${encodeURIComponent(id)}`, { signal }).catch(() => null);
    return training?.dataset ?? null;
  }, [card.provenance?.trainingId, may]).value;
}
