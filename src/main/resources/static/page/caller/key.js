// Asks for a key, and forgets it again.
import { html, useEffect, useRef, useState } from '../vendor/preact.js';
import { takeKey } from '../http/api.js';

export function KeyForm({ why }) {
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
      <p class="about">Whoever runs it gives you one. It begins with <code>bp_</code>. A token of your organisation does, too.</p>
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

export const Who = ({ caller, hasKey }) => html`<span class="who">
  <span title=${caller.id ? `${caller.id}, role ${caller.role}` : `role ${caller.role}`}>${caller.role}</span>
  ${hasKey && html`<button type="button" class="link" onClick=${() => takeKey('')}>forget the key</button>`}
</span>`;
