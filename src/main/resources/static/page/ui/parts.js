// Small pieces that every view is made of.
import { html, useEffect, useRef, useState } from '../vendor/preact.js';
import { count } from './format.js';

export const Card = ({ title, about, aside, children, kind = '' }) => html`
  <section class="card ${kind}">
    ${title && html`<header><h2>${title}</h2>${aside && html`<div class="aside">${aside}</div>`}</header>`}
    ${about && html`<p class="about">${about}</p>`}
    ${children}
  </section>`;

const LONGEST = 64;

/** A name that may be long: of a very long one the beginning and the end stay, since names differ there. */
export function Name({ text }) {
  const whole = String(text);
  const shown = whole.length > LONGEST ? `${whole.slice(0, 42)}…${whole.slice(-20)}` : whole;
  return html`<span class="name" title=${whole}>${shown.match(/.{9,}?[_./-]|.+/gs)?.map((piece) => html`${piece}<wbr/>`)}</span>`;
}

const STATES = {
  queued: 'waiting', running: 'running', succeeded: 'done', failed: 'bad', cancelled: 'off',
};

/** A state in a word, with a mark that needs no colour. */
export const State = ({ state }) => html`<span class="state ${STATES[state] || ''}">${state}</span>`;

export const Fault = ({ fault, again }) => fault && html`
  <div class="note bad" role="alert">
    <p>${fault.message}</p>
    ${fault.errors?.length > 1 && html`<ul>${fault.errors.map((each) => html`<li><code>${each.pointer}</code> ${each.detail}</li>`)}</ul>`}
    ${again && html`<button type="button" onClick=${again}>Try again</button>`}
  </div>`;

const SHOWN = 4;

export function Warnings({ warnings = [], title = 'Worth a look' }) {
  const [shown, more] = useSome(warnings, SHOWN);
  if (!warnings.length) return null;
  return html`<div class="note warn">
    <strong>${title}</strong>
    <ul>${shown.map((warning) => html`<li>${warning}</li>`)}</ul>
    ${more}
  </div>`;
}

export const Empty = ({ title, children }) => html`<div class="empty"><h2>${title}</h2>${children}</div>`;

const Loading = () => html`<p class="loading" role="status">Loading…</p>`;

/** Stands for what was asked for until it is there, or says why it does not come. */
export const Pending = ({ of }) => html`<${Fault} fault=${of.fault} again=${of.again}/>${of.loading && !of.value && !of.fault && html`<${Loading}/>`}`;

/** A button that asks once more before it does what cannot be undone. */
export function Sure({ children, question, onSure, kind = '' }) {
  const [asked, setAsked] = useState(false);
  const first = useRef(null);
  useEffect(() => asked && first.current?.focus(), [asked]);
  if (!asked) return html`<button type="button" class=${kind} onClick=${() => setAsked(true)}>${children}</button>`;
  return html`<span class="sure" role="group" aria-label=${question}>
    <span>${question}</span>
    <button type="button" class="danger" ref=${first} onClick=${() => { setAsked(false); onSure(); }}>Yes</button>
    <button type="button" onClick=${() => setAsked(false)}>No</button>
  </span>`;
}

export const Tabs = ({ tabs, chosen, href, name }) => html`
  <nav class="tabs" aria-label=${name}>
    ${tabs.map(([id, text]) => html`<a href=${href(id)} aria-current=${id === chosen ? 'page' : null}>${text}</a>`)}
  </nav>`;

export const Field = ({ label: text, hint, children, kind = '' }) => html`
  <label class="field ${kind}"><span>${text}</span>${children}${hint && html`<small>${hint}</small>`}</label>`;

/**
 * A table that scrolls by itself. A head is its text behind signs: > stands at the right, ~ goes where there is little room, - is for who does not see.
 * @param rows the cells of each, the first one its name; or the rows themselves are children
 */
export function Table({ name, heads, kind = '', rows, children }) {
  const told = heads.map((head) => head.match(/^([>~-]*)(.*)$/s).slice(1));
  const kinds = told.map(([signs]) => `${signs.includes('>') ? 'value' : ''} ${signs.includes('~') ? 'spare' : ''}`);
  return html`<div class="scroll ${kind}" tabindex="0" role="group" aria-label=${name}><table class="plain ${kind}">
    <thead><tr>${told.map(([signs, text], i) => html`<th scope="col" class=${kinds[i]}>${signs.includes('-') ? html`<span class="unseen">${text}</span>` : text}</th>`)}</tr></thead>
    <tbody>${rows ? rows.map((cells) => html`<tr>${cells.map((cell, i) => i ? html`<td class=${kinds[i]}>${cell}</td>` : html`<th scope="row" class=${kinds[0]}>${cell}</th>`)}</tr>`) : children}</tbody></table></div>`;
}

/** @param options pairs of a value and its text */
export const Select = ({ value, options, onChange, ...others }) => html`<select ...${others} value=${value} onChange=${(event) => onChange(event.target.value)}>
  ${options.map(([id, text]) => html`<option value=${id} selected=${id === value}>${text}</option>`)}</select>`;

export const Search = ({ text, value, onInput }) => html`<input type="search" aria-label=${text} placeholder=${text} value=${value} onInput=${(event) => onInput(event.target.value)}/>`;

/** The first of many, and a button that shows more of them. */
export function useSome(all, first, more = Infinity) {
  const [most, setMost] = useState(first);
  return [all.slice(0, most), all.length > most && html`<button type="button" class="link" onClick=${() => setMost(most + more)}>Show ${count(Math.min(more, all.length - most))} more</button>`];
}

/** What has a text in its name, and the field for the text. */
export function useFound(all, nameOf = (each) => each) {
  const [text, setText] = useState('');
  return [all.filter((each) => nameOf(each).toLowerCase().includes(text.toLowerCase())), html`<${Search} text=${`Find among ${count(all.length)} columns`} value=${text} onInput=${setText}/>`];
}

/** A choice among a few, as buttons that are one group for the keyboard. */
export const Choice = ({ name, options, value, onChange, label: text }) => html`
  <fieldset class="choice"><legend>${text}</legend>
    ${options.map(([id, title, about]) => html`
      <label class=${id === value ? 'on' : ''}>
        <input type="radio" name=${name} value=${id} checked=${id === value} onChange=${() => onChange(id)}/>
        <span><b>${title}</b>${about && html`<small>${about}</small>`}</span>
      </label>`)}
  </fieldset>`;

export function Copied({ text, label: name }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text).catch(() => {});
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return html`<div class="copied">
    <pre tabindex="0" aria-label=${name}>${text}</pre>
    <button type="button" onClick=${copy}>${done ? 'Copied' : 'Copy'}</button>
  </div>`;
}

const MOST_ROWS = 200;

/** The figures behind a chart, for who reads rather than looks. */
export function Behind({ columns, rows, row, name }) {
  const [open, setOpen] = useState(false);
  const step = Math.max(1, Math.ceil(rows / MOST_ROWS));
  const shown = [];
  for (let i = 0; open && i < rows; i += step) shown.push(row(i));
  return html`<details class="behind" onToggle=${(event) => setOpen(event.currentTarget.open)}>
    <summary>Figures as a table${step > 1 ? `, one of ${step} rows` : ''}</summary>
    ${open && html`<div class="scroll" tabindex="0" role="group" aria-label=${`Table of ${name}`}><table>
      <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
      <tbody>${shown.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
    </table></div>`}
  </details>`;
}

export const Facts = ({ facts, flow }) => html`<dl class="facts ${flow ? 'flow' : ''}">
  ${facts.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
</dl>`;

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
