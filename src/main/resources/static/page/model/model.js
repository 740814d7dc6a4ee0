// The models that the caller sees, and the views of one of them.
import { html } from '../vendor/preact.js';
import { all, ask, path } from '../http/api.js';
import { change, to, useLoaded, useMay } from '../http/hooks.js';
import { About, Versions } from './about.js';
import { Quality } from './quality.js';
import { Why } from './why.js';
import { DriftView } from '../monitoring/operations.js';
import { useOrigin } from '../dataset/start.js';
import { Ask } from '../prediction/ask.js';
import { ago, bytes, count, label, metric } from '../ui/format.js';
import { Empty, Name, Pending, Search, Select, Tabs, useSome, View, Warnings } from '../ui/parts.js';

const TABS = [['quality', 'How good'], ['why', 'Why'], ['ask', 'Ask'], ['drift', 'Drift'], ['versions', 'Versions'], ['about', 'About']];

export function Model({ name, query }) {
  const loaded = useLoaded((signal) => load(name, query.version, signal), [name, query.version || '']);
  const tab = TABS.some(([id]) => id === query.tab) ? query.tab : 'quality';
  const known = loaded.value;
  const origin = useOrigin(known?.card);
  const trail = [['Models', to(['models'])]];
  if (!known) return html`<${View} title=${name} trail=${trail}><${Pending} of=${loaded}/><//>`;
  const { model, card } = known;
  if (!card) return html`<${View} title=${name} trail=${trail}><${Empty} title="No version of it can be shown"/><//>`;
  const shared = { model, card, query, origin, again: loaded.again };
  return html`<${View} title=${name} trail=${trail}
    about=${html`version ${card.version}${card.current ? html` <span class="tag good">active</span>` : html` <span class="tag">not active</span>`} · ${predicts(card.target)} · ${ago(card.createdAt)}
      ${card.description && html`<span class="description">${card.description}</span>`}${(card.tags || []).map((tag) => html` <span class="tag">${tag}</span>`)}`}
    actions=${model.versions.length > 1 && html`<${Select} aria-label="Version" value=${card.version} onChange=${(version) => change({ version })}
      options=${model.versions.map((each) => [each.version, `version ${each.version}${each.version === model.currentVersion ? ', active' : ''}`])}/>`}>
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
  const wanted = version || (model.current ? null : model.versions[0]?.version);
  const card = wanted ? await ask(path('models', name, 'versions', String(wanted)), { signal }) : model.current;
  return { model, card };
}

const SHOWN = 60;

export function Models({ query }) {
  const loaded = useLoaded((signal) => all('models', 1000, signal), []);
  const may = useMay('train');
  const models = loaded.value?.items || [];
  const text = (query.q || '').toLowerCase();
  const found = models.filter((each) => `${each.name} ${targets(each.target).join(' ')} ${(each.tags || []).join(' ')}`.toLowerCase().includes(text));
  const [shown, more] = useSome(found, SHOWN, 4 * SHOWN);
  return html`<${View} title="Models" about=${models.length ? `${count(models.length)}${loaded.value.more ? ' or more' : ''} that answer.` : ''}
    actions=${may && html`<a class="button primary" href=${to([])}>Train a model</a>`}>
    <${Pending} of=${loaded}/>
    ${!loaded.value ? '' : !models.length ? html`<${Empty} title="There is no model yet">
        <p>${may ? 'The first one takes a table and a few seconds.' : 'Whoever trains one can show it to you.'}</p>${may && html`<a class="button primary" href=${to([])}>Train a model</a>`}<//>`
      : html`${models.length > 8 && html`<div class="filters" role="search"><${Search} text="Find by name, target, tag" value=${query.q || ''} onInput=${(q) => change({ q })}/></div>`}
        ${found.length ? html`<ul class="models">${shown.map((each) => html`<${Tile} key=${each.name} model=${each}/>`)}</ul>` : html`<${Empty} title="No model is like that"/>`}
        ${more}`}
  <//>`;
}

const Tile = ({ model }) => html`<li><a class="tile" href=${to(['models', model.name])}>
  <b><${Name} text=${model.name}/></b>
  <span class="about">${predicts(model.target)}</span>
  ${model.headline && html`<span class="big">${metric(model.headline.name, model.headline.value)} <small>${label(model.headline.name)}</small></span>`}
  ${model.tags?.length > 0 && html`<span class="tags">${model.tags.slice(0, 4).map((tag) => html`<span class="tag">${tag}</span>`)}</span>`}
  <small>${model.versionCount === 1 ? '1 version' : `${count(model.versionCount)} versions`}${model.currentVersion === null ? ', none active' : ''} · ${bytes(model.bytes)} · ${ago(model.createdAt)}</small>
</a></li>`;

/** The names of the columns that are predicted; none of bare numbers. */
export const targets = (target) => target?.names ?? [];

export const targetText = (target) => targets(target).join(', ');

const MOST = 3;

export function predicts(target) {
  if (!target) return '';
  if (!target.names) return `predicts ${target.outputs === 1 ? 'a bare number' : `${target.outputs} bare numbers`}`;
  const names = target.names.length > MOST ? `${target.names.slice(0, MOST).join(', ')} and ${target.names.length - MOST} more` : targetText(target);
  return `predicts ${names}${target.classes ? `, one of ${target.classes.length} classes` : target.task === 'regression' ? ', a number' : ''}`;
}

export const versionPath = (card, ...more) => path('models', card.model, 'versions', String(card.version), ...more);
