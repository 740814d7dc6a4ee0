// Where a version comes from, what it is made of, and copies of it to take away.
import { html } from '../vendor/preact.js';
import { download, save } from '../http/api.js';
import { to } from '../http/route.js';
import { bytes, count, moment } from '../ui/format.js';
import { Card, Facts, Name } from '../ui/parts.js';
import { useMay } from '../caller/caller.js';
import { reportOf } from './report.js';
import { versionPath } from './paths.js';

export function About({ card }) {
  const { provenance, network, cost, input } = card;
  const may = useMay('train');
  const file = `${card.model}-${card.version}`;
  const asJson = () => save(new Blob([JSON.stringify(card, null, 2)], { type: 'application/json' }), `${file}.json`);
  const asReport = async () => save(new Blob([await reportOf(card)], { type: 'text/html' }), `${file}.html`);
  return html`
    <${Card} title="Take it away"><div class="row">
      <button type="button" class="primary" onClick=${asReport}>Download as one HTML file</button>
      <button type="button" onClick=${asJson}>Card as JSON</button>
      <button type="button" onClick=${() => download(versionPath(card, 'schema'), `${file}.schema.json`, 'application/json, application/schema+json')}>JSON Schema of a row</button>
      ${may && html`<button type="button" onClick=${() => download(versionPath(card, 'artifact'), `${file}.zip`)}>The model itself (zip)</button>`}
    </div><p class="about">The HTML file shows what this page shows of the version, needs nothing else, and has no script.</p><//>
    <div class="two">
      <${Card} title="Where it comes from"><${Facts} facts=${[
        ['Trained', moment(provenance.finishedAt)],
        ['By the run', may && provenance.trainingId && !provenance.imported ? html`<a href=${to(['runs', provenance.trainingId])}>${provenance.trainingId}</a>` : provenance.trainingId],
        ['Imported', provenance.imported && moment(provenance.imported.at ?? provenance.imported)],
        ['Rows', provenance.rows && `${count(provenance.rows.training)} train, ${count(provenance.rows.validation)} validate, ${count(provenance.rows.test)} test`],
        ['SHA-256 of the data', provenance.dataSha256 && html`<code class="hash">${provenance.dataSha256}</code>`],
        ['Seed', provenance.seed], ['Went on from', provenance.warmStart && `${provenance.warmStart.name} version ${provenance.warmStart.version}`],
        ['Engine', provenance.engine && `${provenance.engine.version}, kernels ${provenance.engine.kernels}`], ['Java', provenance.engine?.java], ['Processor', provenance.engine?.cpu]]}/><//>
      <${Card} title="What it is made of">
        <${Facts} facts=${[['Networks that answer', count(cost?.networks)], ['Parameters', count(cost?.parameters)], ['Memory', bytes(card.bytes)], ['Time for a row', provenance.microsecondsPerRow && `${provenance.microsecondsPerRow} µs where it was trained`]]}/>
        <${Layers} network=${network}/><//>
    </div>
    <${Card} title="What it takes"><${Inputs} input=${input}/><//>`;
}

export const Layers = ({ network }) => network && html`<table class="plain"><thead><tr><th scope="col">Layer</th><th scope="col" class="value">In</th><th scope="col" class="value">Out</th><th scope="col" class="value">Parameters</th></tr></thead>
  <tbody>${network.layers.map((layer) => html`<tr><th scope="row">${layer.type}</th><td class="value">${count(layer.inputs)}</td><td class="value">${count(layer.units)}</td><td class="value">${count(layer.parameters)}</td></tr>`)}</tbody></table>`;

export function Inputs({ input }) {
  if (input.type !== 'columns') return html`<p class="about">Bare numbers, used as they are.</p>`;
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Columns that it takes"><table class="plain"><thead><tr><th scope="col">Column</th><th scope="col">Type</th><th scope="col">Seen in training</th><th scope="col">Missing</th></tr></thead>
    <tbody>${input.features.map((each) => html`<tr><th scope="row"><${Name} text=${each.name}/></th><td>${each.type}</td>
      <td>${each.categories ? each.categories.slice(0, 8).map(String).join(', ') + (each.categories.length > 8 ? ` and ${count(each.categories.length - 8)} more` : '') : `${each.min ?? '–'} to ${each.max ?? '–'}`}</td>
      <td>${each.nullable ? 'may be missing' : 'must be given'}</td></tr>`)}
      ${(input.unused || []).filter((each) => each.role !== 'target').map((each) => html`<tr class="ignored"><th scope="row"><${Name} text=${each.name}/></th><td>${each.role}</td><td colspan="2">${each.reason || ''}</td></tr>`)}</tbody></table></div>`;
}
