// Where a version comes from, its sisters, and copies of it to take away.
import { html, render, useState } from '../vendor/preact.js';
import { all, ask, download, path, save } from '../http/api.js';
import { Caller, go, to, useCaller, useIsMine, useLoaded, useMay } from '../http/hooks.js';
import { Plot, thinned } from '../chart/plot.js';
import { settings } from '../job/figures.js';
import { predicts, versionPath } from './model.js';
import { Measured, ORDER } from './quality.js';
import { Importance } from './why.js';
import { bytes, count, label, metric, moment } from '../ui/format.js';
import { Card, Facts, Fault, Name, Pending, Sure, Table, Warnings } from '../ui/parts.js';

export function About({ card, origin }) {
  const { provenance, network, cost, input } = card;
  const may = useMay('train');
  const file = `${card.model}-${card.version}`;
  const asReport = async () => save(new Blob([await reportOf(card)], { type: 'text/html' }), `${file}.html`);
  return html`
    <${Card} title="Take it away"><div class="row">
      <button class="primary" onClick=${asReport}>Download as one HTML file</button>
      <button onClick=${() => download(versionPath(card), `${file}.json`, 'application/json')}>Card as JSON</button>
      <button onClick=${() => download(versionPath(card, 'schema'), `${file}.schema.json`, 'application/json, application/schema+json')}>JSON Schema of a row</button>
      ${may && html`<button onClick=${() => download(versionPath(card, 'artifact'), `${file}.zip`)}>The model itself (zip)</button>`}
    </div><p class="about">The HTML file shows what this page shows of the version, needs nothing else, and has no script.</p><//>
    <div class="two">
      <${Card} title="Where it comes from"><${Facts} facts=${[
        ['Trained', moment(provenance.finishedAt)],
        ['By the run', origin.training ? html`<a href=${to(['runs', provenance.trainingId])}>${provenance.trainingId}</a>` : provenance.trainingId],
        ['Imported', provenance.imported && moment(provenance.imported.at ?? provenance.imported)],
        ['Rows', provenance.rows && `${count(provenance.rows.training)} train, ${count(provenance.rows.validation)} validate, ${count(provenance.rows.test)} test`],
        ['SHA-256 of the data', provenance.dataSha256 && html`<code>${provenance.dataSha256}</code>`],
        ['Seed', provenance.seed], ['Went on from', provenance.warmStart && `${provenance.warmStart.name} version ${provenance.warmStart.version}`],
        ['Engine', provenance.engine && `${provenance.engine.version}, kernels ${provenance.engine.kernels}`], ['Processor', provenance.engine?.cpu]]}/><//>
      <${Card} title="What it is made of">
        <${Facts} facts=${[['Networks that answer', count(cost?.networks)], ['Parameters', count(cost?.parameters)], ['Memory', bytes(card.bytes)], ['Time for a row', provenance.microsecondsPerRow && `${provenance.microsecondsPerRow} µs where it was trained`]]}/>
        <${Layers} network=${network}/><//>
    </div>
    <${Card} title="What it takes"><${Inputs} input=${input}/><//>`;
}

export const Layers = ({ network }) => network && html`<${Table} name="Layers" heads=${['Layer', '>In', '>Out', '>Parameters']}
  rows=${network.layers.map((layer) => [layer.type, count(layer.inputs), count(layer.units), count(layer.parameters)])}/>`;

export function Inputs({ input }) {
  if (input.type !== 'columns') return html`<p class="about">Bare numbers, used as they are.</p>`;
  return html`<${Table} name="Columns that it takes" kind="tall" heads=${['Column', 'Type', 'Seen in training', 'Missing']}>${input.features.map((each) => html`<tr><th scope="row"><${Name} text=${each.name}/></th><td>${each.type}</td>
      <td>${each.categories ? each.categories.slice(0, 8).map(String).join(', ') + (each.categories.length > 8 ? ` and ${count(each.categories.length - 8)} more` : '') : `${each.min ?? '–'} to ${each.max ?? '–'}`}</td>
      <td>${each.nullable ? 'may be missing' : 'must be given'}</td></tr>`)}
      ${(input.unused || []).filter((each) => each.role !== 'target').map((each) => html`<tr class="ignored"><th scope="row"><${Name} text=${each.name}/></th><td>${each.role}</td><td colspan="2">${each.reason || ''}</td></tr>`)}<//>`;
}

export function Versions({ model, card, again }) {
  const name = model.name;
  const may = useMay('train');
  const isMine = useIsMine();
  const { role } = useCaller();
  const [fault, setFault] = useState(null);
  const listed = useLoaded((signal) => all(path('models', name, 'versions'), 1000, signal), [name, model]);
  const act = (work) => work.then(() => { setFault(null); again(); }, setFault);
  const activate = (version) => act(ask(path('models', name, 'current'), { method: 'PUT', json: { version } }));
  const remove = (version) => act(ask(path('models', name, 'versions', String(version)), { method: 'DELETE' }));
  const removeAll = () => ask(path('models', name), { method: 'DELETE' }).then(() => go(['models']), setFault);
  const versions = listed.value?.items || [];
  const some = versions.some((each) => each.headline);
  return html`<${Card} title="Versions" about="The active one answers whoever names none.">
    <${Fault} fault=${fault}/>
    <${Pending} of=${listed}/>
    ${versions.length > 0 && html`<${Table} name="Versions" heads=${['Version', ...(some ? ['>Headline'] : []), 'Trained', '>Memory', '-Actions']}>
      ${versions.map((each) => html`<tr key=${each.version} class=${each.version === card.version ? 'chosen' : ''}>
        <th scope="row"><a href=${to(['models', name], { version: each.version })}>version ${each.version}</a>${each.version === model.currentVersion && html` <span class="tag good">active</span>`}
          ${(each.tags || []).map((tag) => html` <span class="tag">${tag}</span>`)}${each.description && html`<small>${each.description}</small>`}</th>
        ${some && html`<td class="value">${each.headline ? html`${metric(each.headline.name, each.headline.value)}<small>${label(each.headline.name)}</small>` : '–'}</td>`}
        <td>${moment(each.createdAt)}</td><td class="value">${bytes(each.bytes)}</td>
        <td class="value buttons">
          ${may && each.version !== model.currentVersion && html`<button class="link" onClick=${() => activate(each.version)}>Activate</button>`}
          ${may && html`<button class="link" onClick=${() => act(download(path('models', name, 'versions', String(each.version), 'artifact'), `${name}-${each.version}.zip`))}>Download</button>`}
          ${isMine(each) && html`<${Sure} kind="link" question="Delete it?" onSure=${() => remove(each.version)}>Delete<//>`}</td></tr>`)}<//>`}
    ${role === 'admin' && html`<p><${Sure} question=${`Delete ${name} and all its versions?`} onSure=${removeAll}>Delete the model<//></p>`}
  <//>`;
}

const POINTS = 400;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export async function reportOf(card) {
  const styles = await (await fetch('page/page.css')).text();
  const place = document.createElement('div');
  render(html`<${Caller.Provider} value=${{ role: 'predict' }}><${Report} card=${card}/><//>`, place);
  place.querySelectorAll('details, button, .slide, .scroll').forEach((each) => {
    if (each.matches('.scroll')) each.removeAttribute('tabindex');
    else each.remove();
  });
  const body = place.innerHTML;
  render(null, place);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${text(card.model)} version ${card.version}</title><style>${styles}</style></head><body>${body}</body></html>
`;
}

const text = (value) => String(value).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function Report({ card }) {
  const parts = ORDER.filter((name) => card.metrics?.[name]);
  const { provenance } = card;
  return html`<main class="report"><div class="head"><div><h1>${card.model}, version ${card.version}</h1>
      <p class="about">${predicts(card.target)} · trained ${moment(provenance.finishedAt)}</p>${card.description && html`<p>${card.description}</p>`}</div></div>
    <${Warnings} warnings=${card.warnings} title="The training had something to say"/>
    ${parts.slice(0, 1).map((name) => html`<${Measured} metrics=${card.metrics[name]} part=${name} card=${card} still/>`)}
    ${card.importance?.columns.length > 0 && html`<${Importance} card=${card}/>`}
    <${Losses} history=${card.history || []} best=${card.bestEpoch}/>
    <${Card} title="What it takes"><${Inputs} input=${card.input}/><//>
    <div class="two"><${Card} title="Settings"><${Facts} flow facts=${Object.entries(settings({ ...card, preset: '', rows: provenance.rows || { training: '' } }))}/><//>
      <${Card} title="Where it comes from"><${Facts} facts=${[['Seed', provenance.seed], ['SHA-256 of the data', provenance.dataSha256], ['Engine', provenance.engine && `${provenance.engine.version}, kernels ${provenance.engine.kernels}`], ['Processor', provenance.engine?.cpu]]}/><${Layers} network=${card.network}/><//></div>
  </main>`;
}

function Losses({ history, best }) {
  if (history.length < 2) return null;
  const at = thinned(history.length, POINTS);
  const xs = at.map((i) => history[i].epoch);
  const of = (name) => at.map((i) => history[i][name] ?? null);
  const held = of('validationLoss');
  const known = held.some((value) => value !== null);
  return html`<${Card} title="Loss over epochs"><${Plot} title="Training and validation loss over epochs" width=${620} height=${280} x=${{ name: 'epoch' }} y=${{ name: 'loss' }}
    series=${[{ name: 'training', xs, ys: of('trainLoss'), colour: 'c1' }, ...(known ? [{ name: 'validation', xs, ys: held, colour: 'c2', dash: '7 4' }] : [])]}
    mark=${known ? { x: best, y: history[best - 1]?.validationLoss, text: `best: ${best}` } : null}/><//>`;
}
