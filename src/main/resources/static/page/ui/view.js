// The frame of a view: its heading, what can be done there, and the rest.
import { html } from '../vendor/preact.js';

export const View = ({ title, trail, about, actions, children, kind = '' }) => html`
  <main id="view" class=${kind}>
    <div class="head">
      <div>
        ${trail && html`<nav class="trail" aria-label="Where this is">${trail.map(([text, href]) => html`<a href=${href}>${text}</a>`)}</nav>`}
        <h1 tabindex="-1">${title}</h1>
        ${about && html`<p class="about">${about}</p>`}
      </div>
      ${actions && html`<div class="actions">${actions}</div>`}
    </div>
    ${children}
  </main>`;
