// One model: how good it is, why, what it answers, and where it comes from.
import { html } from '../vendor/preact.js';
import { ask, path } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { change, to } from '../http/route.js';
import { ago } from '../ui/format.js';
import { Empty, Fault, Loading, Tabs, Warnings } from '../ui/parts.js';
import { View } from '../ui/view.js';
import { Ask } from '../prediction/ask.js';
import { DriftView } from '../monitoring/drift.js';
import { predicts } from './target.js';
import { Quality } from './quality.js';
import { Why } from './why.js';
import { Versions } from './versions.js';
import { About } from './about.js';

const TABS = [['quality', 'How good'], ['why', 'Why'], ['ask', 'Ask'], ['drift', 'Drift'], ['versions', 'Versions'], ['about', 'About']];

export function Model({ name, query }) {
  const loaded = useLoaded((signal) => load(name, query.version, signal), [name, query.version || '']);
  const tab = TABS.some(([id]) => id === query.tab) ? query.tab : 'quality';
  const known = loaded.value;
  const trail = [['Models', to(['models'])]];
  if (!known) return html`<${View} title=${name} trail=${trail}>${loaded.fault ? html`<${Fault} fault=${loaded.fault} again=${loaded.again}/>` : html`<${Loading}/>`}<//>`;
  const { model, card } = known;
  if (!card) return html`<${View} title=${name} trail=${trail}><${Empty} title="No version of it can be shown"/><//>`;
  const shared = { model, card, query, again: loaded.again };
  return html`<${View} title=${name} trail=${trail} kind="wide"
    about=${html`version ${card.version}${card.current ? html` <span class="tag good">active</span>` : html` <span class="tag">not active</span>`} · ${predicts(card.target)} · ${ago(card.createdAt)}
      ${card.description && html`<span class="description">${card.description}</span>`}${(card.tags || []).map((tag) => html` <span class="tag">${tag}</span>`)}`}
    actions=${model.versions.length > 1 && html`<label class="version"><span class="unseen">Version</span><select onChange=${(event) => change({ version: event.target.value })}>
      ${model.versions.map((each) => html`<option value=${each.version} selected=${each.version === card.version}>version ${each.version}${each.version === model.currentVersion ? ', active' : ''}</option>`)}</select></label>`}>
    <${Tabs} name="About the model" tabs=${TABS} chosen=${tab} href=${(id) => to(['models', name], { version: query.version, tab: id === 'quality' ? null : id })}/>
    ${tab === 'quality' && html`<${Warnings} warnings=${card.warnings} title="The training had something to say"/><${Quality} ...${shared}/>`}
    ${tab === 'why' && html`<${Why} ...${shared}/>`}
    ${tab === 'ask' && html`<${Ask} key=${card.version} ...${shared}/>`}
    ${tab === 'drift' && html`<${DriftView} ...${shared}/>`}
    ${tab === 'versions' && html`<${Versions} ...${shared}/>`}
    ${tab === 'about' && html`<${About} ...${shared}/>`}
  <//>`;
}

async function load(name, version, signal) {
  const model = await ask(path('models', name), { signal });
  if (!model.versions) model.versions = (await ask(`${path('models', name, 'versions')}?limit=500`, { signal })).items;
  const wanted = version || (model.current ? null : model.versions[0]?.version);
  const card = wanted ? await ask(path('models', name, 'versions', String(wanted)), { signal }) : model.current;
  return { model, card };
}
