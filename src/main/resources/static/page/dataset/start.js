// The first view: a table comes in, a model comes out.
import { html, useState } from '../vendor/preact.js';
import { all, ask } from '../http/api.js';
import { change, go, to, useAsked, useIsMine, useLoaded, useMay } from '../http/hooks.js';
import { barNames, Histogram, TopValues } from '../chart/bars.js';
import { Upload } from './upload.js';
import { TrainForm } from '../intake/form.js';
import { ago, bytes, count, number, percent } from '../ui/format.js';
import { Behind, Card, Fault, Name, Pending, Select, Sure, Table, useFound, useSome, View, Warnings } from '../ui/parts.js';

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
  const isMine = useIsMine();
  const remove = (id) => ask(`datasets/${id}`, { method: 'DELETE' }).then(again, again);
  return html`<${Card}><${Table} name="Data sets" heads=${['Data set', '>Rows', '>~Size', '~Uploaded', '-Actions']}>${datasets.map((each) => html`<tr key=${each.id}>
      <th scope="row"><a href=${to([], { dataset: each.id })}><${Name} text=${each.name}/></a></th>
      <td class="value">${count(each.rows)}</td><td class="value spare">${bytes(each.bytes)}</td><td class="spare">${ago(each.createdAt)}</td>
      <td class="value">${isMine(each) && html`<${Sure} kind="link" question=${`Delete ${each.name}?`} onSure=${() => remove(each.id)}>Delete<//>`}</td></tr>`)}<//><//>`;
}

function Chosen({ id, query }) {
  const known = useAsked(`datasets/${encodeURIComponent(id)}?histograms=true`);
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
  return html`<${View} title=${dataset.name} trail=${[['Start', to([])]]}
    about=${`${count(dataset.rows)} rows, ${count(names.length)} columns, ${bytes(dataset.bytes)} in memory`}
    actions=${html`<button type="button" onClick=${() => go([])}>Another table</button>`}>
    <${Warnings} warnings=${dataset.warnings} title="The table has something to look at"/>
    <div class="split">
      <${Card} title="Columns">
        <${Columns} dataset=${dataset} target=${target} types=${types} onType=${setType}/>
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
export function Columns({ dataset, target, types, onType }) {
  const [found, search] = useFound(dataset.columns, (column) => column.name);
  const [shown, more] = useSome(found, MOST);
  return html`
    ${dataset.columns.length > MOST && search}
    <${Table} name="Columns" kind="columns" heads=${['Column', 'Type', 'Values', '~Range', '>Missing', '>~Different']}>${shown.map((column) => html`<${Row} key=${column.name} column=${column} rows=${dataset.rows}
        isTarget=${column.name === target} type=${types[column.name] || column.type} onType=${onType}/>`)}<//>
    ${more}
    <${Shapes} columns=${shown}/>
    ${!found.length && html`<p class="about">No column is called so.</p>`}`;
}

function Row({ column, rows, isTarget, type, onType }) {
  const missing = column.missing / (rows || 1);
  return html`<tr class=${type === 'ignore' ? 'ignored' : ''}>
    <th scope="row" title=${column.name}><${Name} text=${column.name}/>${isTarget && html` <span class="tag">target</span>`}</th>
    <td><${Select} aria-label=${`Type of ${column.name}`} value=${type} options=${TYPES.map((each) => [each, each])} onChange=${(chosen) => onType(column.name, chosen === column.type ? null : chosen)}/></td>
    <td class="shape"><${Shape} column=${column} rows=${rows}/></td>
    <td class="spare range">${range(column)}</td>
    <td class="value">${column.missing ? html`<span class=${missing > 0.2 ? 'much' : ''}>${percent(missing)}</span>` : '0'}</td>
    <td class="value spare">${column.distinct === null ? 'over 10,000' : count(column.distinct)}</td>
  </tr>`;
}

function Shape({ column, rows }) {
  if (column.top) return html`<${TopValues} top=${column.top} rows=${rows}/>`;
  const { histogram } = column;
  return histogram?.counts.length ? html`<${Histogram} heights=${histogram.counts} names=${barNames(histogram, histogram.counts.length)}/>` : '–';
}

function Shapes({ columns }) {
  const rows = columns.flatMap(({ name, top, histogram }) => top ? top.map((each) => [name, each.value, each.count])
    : (histogram?.counts || []).map((each, i, counts) => [name, barNames(histogram, counts.length)[i], each]));
  return html`<${Behind} name="Values of the columns" columns=${['Column', 'Value', 'Rows']} rows=${rows.length} row=${(i) => rows[i]}/>`;
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

/** Looks for an id in a list, since asking for what is gone would be a fault. */
export const findIn = async (where, id, signal) => (id ? (await all(where, 1000, signal)).items.find((each) => each.id === id) ?? null : null);

/** The training of a version and its data set; null of what is gone or not to be seen. */
export function useOrigin(card) {
  const may = useMay('train');
  const id = may && !card?.provenance?.imported ? card?.provenance?.trainingId : null;
  return useLoaded(async (signal) => {
    const training = id && await findIn(`trainings?${new URLSearchParams({ model: card.model })}`, id, signal);
    return { training, dataset: training && await findIn('datasets', training.dataset, signal) };
  }, [id]).value || { loading: true };
}
