// The frame of the page: which view is shown, who looks at it, light or dark.
import { html, render, useEffect, useRef, useState } from './vendor/preact.js';
import { ask, takeKey } from './http/api.js';
import { Caller, covers, to, useAccess, useLoaded, useRoute } from './http/hooks.js';
import { Start } from './dataset/start.js';
import { Compared } from './job/figures.js';
import { Run } from './job/run.js';
import { Runs } from './job/runs.js';
import { Model, Models } from './model/model.js';
import { Operations } from './monitoring/operations.js';
import { Pending } from './ui/parts.js';

const VIEWS = [
  ['', 'Start', 'train'],
  ['runs', 'Runs', 'train'],
  ['models', 'Models', 'predict'],
  ['operations', 'Operations', 'admin'],
];

function View({ route, role }) {
  const [view = '', id] = route.parts;
  const may = (needed) => covers(role, needed);
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

function KeyForm({ why }) {
  const [key, setKey] = useState('');
  const field = useRef(null);
  useEffect(() => field.current?.focus(), []);
  const take = (event) => {
    event.preventDefault();
    takeKey(key.trim());
  };
  return html`<main class="narrow" id="view">
    <section class="card">
      <h1>This service asks for a key</h1>
      <p class="about">Whoever runs it gives you one. It begins with <code>bp_</code>. A token of your organisation works, too.</p>
      ${why && html`<div class="note bad" role="alert"><p>${why}</p></div>`}
      <form onSubmit=${take}>
        <label class="field"><span>Key</span>
          <input type="password" name="key" autocomplete="off" spellcheck="false" ref=${field} value=${key} onInput=${(event) => setKey(event.target.value)} required/>
          <small>It stays in this tab until you close it, and is sent as a header only.</small>
        </label>
        <button class="primary">Go on</button>
      </form>
    </section>
  </main>`;
}

const Who = ({ caller, hasKey }) => html`<span class="who">
  <span title=${caller.id ? `${caller.id}, role ${caller.role}` : `role ${caller.role}`}>${caller.role}</span>
  ${hasKey && html`<button class="link" onClick=${() => takeKey('')}>forget key</button>`}
</span>`;

const THEMES = { auto: 'dark', dark: 'light', light: 'auto' };

function Theme() {
  const [theme, setTheme] = useState(localStorage.getItem('backprop-theme') || 'auto');
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('backprop-theme', theme);
    window.dispatchEvent(new Event('theme'));
  }, [theme]);
  const title = `Colours: ${theme}`;
  return html`<button class="theme" title=${title} aria-label=${title} onClick=${() => setTheme(THEMES[theme] || 'auto')}>
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
      <a class="brand" href=${to([])}><img src=${document.querySelector('[rel=icon]').href} alt="" width="24" height="24"/>Backprop</a>
      ${shown && html`<nav aria-label="Views">${VIEWS.filter(([, , role]) => covers(shown.role, role)).map(([id, name]) => html`
        <a href=${to([id].filter(Boolean))} aria-current=${id === view ? 'page' : null}>${name}</a>`)}
        <a href="swagger-ui.html">API</a></nav>`}
      <span class="end">${shown && html`<${Who} caller=${shown} hasKey=${access.key !== ''}/>`}<${Theme}/></span>
    </div></header>
    ${access.needed ? html`<${KeyForm} why=${access.why}/>`
      : shown ? html`<${Caller.Provider} value=${shown}><${View} route=${route} role=${shown.role}/><//>`
      : html`<main class="narrow" id="view"><h1 class="unseen">Backprop</h1><${Pending} of=${caller}/></main>`}`;
}

render(html`<${Page}/>`, document.getElementById('page'));
