// The keys of the service: who may call, until when.
import { html, useState } from '../vendor/preact.js';
import { all, ask } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { ago, moment } from '../ui/format.js';
import { Card, Copied, Fault, Field, Loading, Sure } from '../ui/parts.js';

const ROLES = ['predict', 'train', 'admin'];

export function Keys() {
  const loaded = useLoaded((signal) => all('keys', 500, signal), []);
  const [made, setMade] = useState(null);
  const [fault, setFault] = useState(null);
  const act = (work) => work.then((answer) => { setFault(null); setMade(answer?.key ? answer : null); loaded.again(); }, setFault);
  const keys = (loaded.value?.items || []).filter((each) => !each.revokedAt);
  return html`<${Card} title="Keys" about=${keys.length ? '' : 'Without a key, this machine alone is answered. The first key ends that.'}>
    <${Fault} fault=${loaded.fault || fault}/>
    ${made && html`<div class="note good"><p>The key of ${made.name || made.id} is shown this once:</p><${Copied} label="The key" text=${made.key}/></div>`}
    ${!loaded.value && !loaded.fault ? html`<${Loading}/>` : keys.length > 0 && html`<div class="scroll" tabindex="0" role="region" aria-label="Keys"><table class="plain">
      <thead><tr><th scope="col">Key</th><th scope="col">Role</th><th scope="col">Models</th><th scope="col">Used</th><th scope="col">Ends</th><th><span class="unseen">Actions</span></th></tr></thead>
      <tbody>${keys.map((each) => html`<tr key=${each.id}><th scope="row"><span class="name">${each.name || each.id}</span></th><td>${each.role}</td>
        <td>${each.modelPrefixes.length ? each.modelPrefixes.map((prefix) => `${prefix}…`).join(', ') : 'all'}</td><td>${each.lastUsedAt ? ago(each.lastUsedAt) : 'never'}</td><td>${each.expiresAt ? moment(each.expiresAt) : 'never'}</td>
        <td class="value buttons"><button type="button" class="link" onClick=${() => act(ask(`keys/${each.id}/rotate`, { json: {} }))}>Rotate</button>
          <${Sure} kind="link" question="Revoke it?" onSure=${() => act(ask(`keys/${each.id}`, { method: 'DELETE' }))}>Revoke<//></td></tr>`)}</tbody></table></div>`}
    <${Make} onMake=${(request) => act(ask('keys', { json: request }))}/>
  <//>`;
}

function Make({ onMake }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState('predict');
  const submit = (event) => {
    event.preventDefault();
    onMake({ role, ...(name ? { name } : {}) });
    setName('');
  };
  return html`<form class="inline" onSubmit=${submit}>
    <${Field} label="Name of the key"><input value=${name} onInput=${(event) => setName(event.target.value)}/><//>
    <${Field} label="Role"><select value=${role} onChange=${(event) => setRole(event.target.value)}>${ROLES.map((each) => html`<option value=${each} selected=${each === role}>${each}</option>`)}</select><//>
    <button>Make a key</button></form>`;
}
