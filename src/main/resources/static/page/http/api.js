// Calls the API with the key of the caller, which stays in this tab and is never part of an address.

const STORED = 'backprop-key';
const ROOT = new URL('api/v1/', document.baseURI);

const listeners = new Set();

/** What the last answers said: whether a key is needed, and why. */
export const access = { key: sessionStorage.getItem(STORED) || '', needed: false, why: '' };

export function onAccess(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(change) {
  Object.assign(access, change);
  listeners.forEach((listener) => listener());
}

export function takeKey(key) {
  if (key) sessionStorage.setItem(STORED, key);
  else sessionStorage.removeItem(STORED);
  tell({ key, needed: false, why: '' });
}

/** What an answer other than a success said. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `the service answered ${status}`);
    this.status = status;
    this.errors = problem.errors || [];
  }
}

export const address = (path) => new URL(path, ROOT);

/** The same request from a program. */
export const curl = (where, json) => `curl ${address(where)} \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(json, null, 1).replaceAll("'", "'\\''")}'`;

/** A path below the root of the API from parts that may have any characters. */
export const path = (...parts) => parts.map(encodeURIComponent).join('/');

export function headers(more = {}) {
  return access.key ? { ...more, Authorization: `Bearer ${access.key}` } : more;
}

/**
 * Sends a request.
 * @param options `method`; `json` or `body` with `type`; `accept`, `prefer`, `signal`
 */
export async function send(where, { method, json, body, type, accept, prefer, signal, more } = {}) {
  const told = headers({ Accept: accept || 'application/json', ...more });
  if (json !== undefined) told['Content-Type'] = 'application/json';
  if (type) told['Content-Type'] = type;
  if (prefer) told.Prefer = prefer;
  let response;
  try {
    response = await fetch(address(where), {
      method: method || (json !== undefined || body !== undefined ? 'POST' : 'GET'),
      headers: told,
      body: json !== undefined ? JSON.stringify(json) : body,
      cache: 'no-store',
      credentials: 'omit',
      signal,
    });
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw new Refusal(0, { detail: 'the service does not answer; is it running?' });
  }
  if (response.ok) {
    if (access.needed) tell({ needed: false, why: '' });
    return response;
  }
  const problem = await response.json().catch(() => ({}));
  const refusal = new Refusal(response.status, problem);
  if (response.status === 401) tell({ needed: true, why: access.key ? refusal.message : '' });
  throw refusal;
}

export async function ask(where, options) {
  const response = await send(where, options);
  return response.status === 204 ? null : response.json();
}

export async function all(where, most = 1000, signal) {
  const items = [];
  let cursor = null;
  do {
    const url = new URL(where, 'http://x/');
    url.searchParams.set('limit', String(Math.min(500, most - items.length)));
    if (cursor) url.searchParams.set('cursor', cursor);
    const page = await ask(url.pathname.slice(1) + url.search, { signal });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && items.length < most);
  return { items, more: cursor !== null };
}

/** Has the browser save what a link of the API answers, which a plain link cannot as it has no key. */
export async function download(where, name, accept = '*/*') {
  const response = await send(where, { accept });
  save(await response.blob(), name);
}

export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const AGAIN_AFTER = 1500;

/**
 * Reads the events of a training until it has ended.
 * @param onEvents is given a list of `{event, data}`, all that came at once
 */
export async function watch(id, onEvents, signal) {
  let last = null;
  while (!signal.aborted) {
    try {
      const response = await send(`trainings/${encodeURIComponent(id)}/events`, {
        accept: 'text/event-stream',
        more: last === null ? {} : { 'Last-Event-ID': last },
        signal,
      });
      if (response.status === 204) return;
      for await (const events of read(response.body)) {
        for (const event of events) if (event.id !== undefined) last = event.id;
        onEvents(events);
        if (events.some((event) => event.event === 'end')) return;
      }
    } catch (fault) {
      if (signal.aborted || (fault.status >= 400 && fault.status < 500 && fault.status !== 429)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
  }
}

async function* read(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop();
    const events = blocks.map(parse).filter((event) => event.data !== undefined);
    if (events.length) yield events;
  }
}

function parse(block) {
  const event = { event: 'message' };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).trimStart();
    const field = line.slice(0, colon);
    if (field === 'data') event.data = JSON.parse(value);
    else event[field] = value;
  }
  return event;
}
