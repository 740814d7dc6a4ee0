// The frame of the page: which view is shown, who looks at it, light or dark.
import { html, render, useEffect, useState } from './vendor/preact.js';
import { ask } from './http/api.js';
import { useAccess, useLoaded } from './http/hooks.js';
import { to, useRoute } from './http/route.js';
import { Caller } from './caller/caller.js';
import { KeyForm, Who } from './caller/key.js';
import { Fault, Loading } from './ui/parts.js';
import { Start } from './dataset/start.js';
import { Runs } from './job/runs.js';
import { Compared } from './job/compared.js';
import { Run } from './job/run.js';
import { Models } from './model/models.js';
import { Model } from './model/model.js';
import { Operations } from './monitoring/operations.js';

const VIEWS = [
  ['', 'Start', 'train'],
  ['runs', 'Runs', 'train'],
  ['models', 'Models', 'predict'],
  ['operations', 'Operations', 'admin'],
];

const RANK = { predict: 0, train: 1, admin: 2 };

function View({ route, role }) {
  const [view = '', id] = route.parts;
  const may = (needed) => RANK[role] >= RANK[needed];
  if (view === 'runs' && may('train')) {
    if (id === 'compare') return html`<${Compared} query=${route.query}/>`;
    return id ? html`<${Run} key=${id} id=${id}/>` : html`<${Runs} query=${route.query}/>`;
  }
  if (view === 'models') return id ? html`<${Model} key=${id} name=${id} query=${route.query}/>` : html`<${Models} query=${route.query}/>`;
  if (view === 'operations' && may('admin')) return html`<${Operations}/>`;
  if (view === '' && may('train')) return html`<${Start} query=${route.query}/>`;
  if (view === '') return html`<${Models} query=${route.query}/>`;
  return html`<main class="narrow" id="view"><section class="card"><h1>There is no such view</h1>
    <p class="about">Or your key's role, ${role}, does not show it. <a href=${to(['models'])}>See the models</a></p></section></main>`;
}

const THEMES = { auto: ['dark', 'Follow the system; switch to dark'], dark: ['light', 'Dark; switch to light'], light: ['auto', 'Light; follow the system'] };

function Theme() {
  const [theme, setTheme] = useState(localStorage.getItem('backprop-theme') || 'auto');
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('backprop-theme', theme);
    window.dispatchEvent(new Event('theme'));
  }, [theme]);
  const [next, title] = THEMES[theme] || THEMES.auto;
  return html`<button type="button" class="theme" title=${title} aria-label=${title} onClick=${() => setTheme(next)}>
    <svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="7.5"/><path d="M10 2.5a7.5 7.5 0 0 1 0 15z"/></svg></button>`;
}

function Page() {
  const route = useRoute();
  const access = useAccess();
  const caller = useLoaded((signal) => ask('caller', { signal }), []);
  const shown = access.needed ? null : caller.value;
  const view = route.parts[0] || '';
  useEffect(() => {
    const title = VIEWS.find(([id]) => id === view)?.[1];
    document.title = [route.parts[1], title, 'Backprop'].filter(Boolean).join(' · ');
  }, [route.parts.join('/')]);
  return html`
    <a class="skip" href="#view" onClick=${(event) => { event.preventDefault(); document.getElementById('view')?.querySelector('h1')?.focus(); }}>Skip to the content</a>
    <header class="top"><div>
      <a class="brand" href=${to([])}><img src="page/icon.svg" alt="" width="24" height="24"/>Backprop</a>
      ${shown && html`<nav aria-label="Views">${VIEWS.filter(([, , role]) => RANK[shown.role] >= RANK[role]).map(([id, name]) => html`
        <a href=${to([id].filter(Boolean))} aria-current=${id === view ? 'page' : null}>${name}</a>`)}
        <a href="swagger-ui.html">API</a></nav>`}
      <span class="end">${shown && html`<${Who} caller=${shown} hasKey=${access.key !== ''}/>`}<${Theme}/></span>
    </div></header>
    ${access.needed ? html`<${KeyForm} why=${access.why}/>`
      : shown ? html`<${Caller.Provider} value=${shown}><${View} route=${route} role=${shown.role}/><//>`
      : html`<main class="narrow" id="view"><h1 class="unseen">Backprop</h1>${caller.fault ? html`<${Fault} fault=${caller.fault} again=${caller.again}/>` : html`<${Loading}/>`}</main>`}`;
}

render(html`<${Page}/>`, document.getElementById('page'));
