// The versions of a model: which one answers, and what can be done with each.
import { html, useState } from '../vendor/preact.js';
import { all, ask, download, path } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { go, to } from '../http/route.js';
import { bytes, label, metric, moment } from '../ui/format.js';
import { Card, Fault, Loading, Sure } from '../ui/parts.js';
import { useCaller, useMay } from '../caller/caller.js';

export function Versions({ model, card, again }) {
  const name = model.name;
  const may = useMay('train');
  const caller = useCaller();
  const [fault, setFault] = useState(null);
  const listed = useLoaded((signal) => all(path('models', name, 'versions'), 1000, signal).then((page) => page.items, () => model.versions || []), [name, model]);
  const act = (work) => work.then(() => { setFault(null); again(); }, setFault);
  const mine = (each) => caller.role === 'admin' || (each.owner !== null && each.owner === caller.id);
  const activate = (version) => act(ask(path('models', name, 'current'), { method: 'PUT', json: { version } }));
  const remove = (version) => act(ask(path('models', name, 'versions', String(version)), { method: 'DELETE' }));
  const removeAll = () => ask(path('models', name), { method: 'DELETE' }).then(() => go(['models']), setFault);
  const some = listed.value?.some((each) => each.headline);
  return html`<${Card} title="Versions" about="The active one answers whoever names none.">
    <${Fault} fault=${fault}/>
    ${!listed.value ? html`<${Loading}/>` : html`<div class="scroll" tabindex="0" role="region" aria-label="Versions"><table class="plain">
      <thead><tr><th scope="col">Version</th>${some && html`<th scope="col" class="value">Headline</th>`}<th scope="col">Trained</th><th scope="col" class="value">Memory</th><th><span class="unseen">Actions</span></th></tr></thead>
      <tbody>${listed.value.map((each) => html`<tr key=${each.version} class=${each.version === card.version ? 'chosen' : ''}>
        <th scope="row"><a href=${to(['models', name], { version: each.version })}>version ${each.version}</a>${each.version === model.currentVersion && html` <span class="tag good">active</span>`}
          ${(each.tags || []).map((tag) => html` <span class="tag">${tag}</span>`)}${each.description && html`<small>${each.description}</small>`}</th>
        ${some && html`<td class="value">${each.headline ? html`${metric(each.headline.name, each.headline.value)}<small>${label(each.headline.name)}</small>` : '–'}</td>`}
        <td>${moment(each.createdAt)}</td><td class="value">${bytes(each.bytes)}</td>
        <td class="value buttons">
          ${may && each.version !== model.currentVersion && html`<button type="button" class="link" onClick=${() => activate(each.version)}>Activate</button>`}
          ${may && html`<button type="button" class="link" onClick=${() => act(download(path('models', name, 'versions', String(each.version), 'artifact'), `${name}-${each.version}.zip`))}>Download</button>`}
          ${mine(each) && html`<${Sure} kind="link" question="Delete it?" onSure=${() => remove(each.version)}>Delete<//>`}</td></tr>`)}</tbody></table></div>`}
    ${caller.role === 'admin' && html`<p><${Sure} question=${`Delete ${name} and all its versions?`} onSure=${removeAll}>Delete the model<//></p>`}
  <//>`;
}
