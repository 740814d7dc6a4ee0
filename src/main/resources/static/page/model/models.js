// The models that the caller sees.
import { html, useState } from '../vendor/preact.js';
import { all } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { change, to } from '../http/route.js';
import { ago, bytes, count, label, metric } from '../ui/format.js';
import { Empty, Fault, Loading, Name } from '../ui/parts.js';
import { View } from '../ui/view.js';
import { predicts, targets } from './target.js';
import { useMay } from '../caller/caller.js';

const SHOWN = 60;

export function Models({ query }) {
  const loaded = useLoaded((signal) => all('models', 1000, signal), []);
  const may = useMay('train');
  const [most, setMost] = useState(SHOWN);
  const models = loaded.value?.items || [];
  const text = (query.q || '').toLowerCase();
  const found = models.filter((each) => `${each.name} ${targets(each.target).join(' ')} ${(each.tags || []).join(' ')}`.toLowerCase().includes(text));
  return html`<${View} title="Models" kind="wide" about=${models.length ? `${count(models.length)}${loaded.value.more ? ' or more' : ''} that answer.` : ''}
    actions=${may && html`<a class="button primary" href=${to([])}>Train a model</a>`}>
    <${Fault} fault=${loaded.fault} again=${loaded.again}/>
    ${!loaded.value ? !loaded.fault && html`<${Loading}/>` : !models.length ? html`<${Empty} title="There is no model yet">
        <p>${may ? 'The first one takes a table and a few seconds.' : 'Whoever trains one can show it to you.'}</p>${may && html`<a class="button primary" href=${to([])}>Train a model</a>`}<//>`
      : html`${models.length > 8 && html`<div class="filters" role="search"><label><span class="unseen">Find a model</span><input type="search" placeholder="Find by name, target, tag" value=${query.q || ''} onInput=${(event) => change({ q: event.target.value })}/></label></div>`}
        ${found.length ? html`<ul class="models">${found.slice(0, most).map((each) => html`<${Tile} key=${each.name} model=${each}/>`)}</ul>` : html`<${Empty} title="No model is like that"/>`}
        ${found.length > most && html`<button type="button" class="link" onClick=${() => setMost(most + 4 * SHOWN)}>Show more</button>`}`}
  <//>`;
}

const Tile = ({ model }) => html`<li><a class="tile" href=${to(['models', model.name])}>
  <b><${Name} text=${model.name}/></b>
  <span class="about">${predicts(model.target)}</span>
  ${model.headline && html`<span class="big">${metric(model.headline.name, model.headline.value)} <small>${label(model.headline.name)}</small></span>`}
  ${model.tags?.length > 0 && html`<span class="tags">${model.tags.slice(0, 4).map((tag) => html`<span class="tag">${tag}</span>`)}</span>`}
  <small>${model.versionCount === 1 ? 'version 1' : `${count(model.versionCount)} versions`}${model.currentVersion === null ? ', none active' : model.versionCount > 1 ? `, ${model.currentVersion} active` : ''} · ${bytes(model.bytes)} · ${ago(model.createdAt)}</small>
</a></li>`;
