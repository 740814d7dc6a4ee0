// What components show of the API and to whom, and the address of each view behind the #.
import { createContext, useContext, useEffect, useRef, useState } from '../vendor/preact.js';
import { access, ask, onAccess } from './api.js';

/**
 * Runs `load(signal)` at first and whenever one of `inputs` changes.
 * @param every milliseconds until it is loaded again; 0 for never
 */
export function useLoaded(load, inputs, every = 0) {
  const [state, setState] = useState({ value: null, fault: null, loading: true });
  const [turn, setTurn] = useState(0);
  const before = useRef(null);
  const key = useAccess().key;
  useEffect(() => {
    const control = new AbortController();
    const same = before.current && inputs.every((input, i) => input === before.current[i]);
    before.current = inputs;
    setState((old) => ({ value: same ? old.value : null, fault: same ? old.fault : null, loading: true }));
    let timer = 0;
    const run = async () => {
      try {
        const value = await load(control.signal);
        if (!control.signal.aborted) setState({ value, fault: null, loading: false });
      } catch (fault) {
        if (!control.signal.aborted) setState((old) => ({ ...old, fault, loading: false }));
      }
      if (every && !control.signal.aborted) timer = setTimeout(run, document.hidden ? 4 * every : every);
    };
    run();
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  }, [...inputs, every, turn, key]);
  return { ...state, again: () => setTurn((old) => old + 1) };
}

export const useAsked = (where, every = 0) =>
  useLoaded((signal) => (where === null ? null : ask(where, { signal })), [where], every);

export function useAccess() {
  const [now, setNow] = useState({ ...access });
  useEffect(() => onAccess(() => setNow({ ...access })), []);
  return now;
}

const ROLES = ['predict', 'train', 'admin'];

/** Whether a role may do what another one may. */
export const covers = (role, needed) => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** Who looks at the page. */
export const Caller = createContext(null);
export const useCaller = () => useContext(Caller);
export const useMay = (needed) => covers(useCaller().role, needed);

/** Whether a data set, a training or a version is the caller's to delete. */
export function useIsMine() {
  const { role, id } = useCaller();
  return ({ owner }) => role === 'admin' || (owner !== null && owner === id);
}

/** A value that changes only once it has been the same for a while. */
export function useSettled(value, milliseconds = 250) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

export function here() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  return {
    parts: path.split('/').filter(Boolean).map(decode),
    query: Object.fromEntries(new URLSearchParams(query || '')),
  };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a view. What is empty or null is left out of the query. */
export function to(parts, query = {}) {
  const left = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const text = new URLSearchParams(left.map(([name, value]) => [name, String(value)])).toString();
  return `#/${parts.map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`;
}

export const go = (parts, query) => {
  location.hash = to(parts, query);
};

/** Changes the query of the view that is shown, without a step of the history. */
export function change(query) {
  const now = here();
  history.replaceState(null, '', to(now.parts, { ...now.query, ...query }));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useRoute() {
  const [route, setRoute] = useState(here());
  useEffect(() => {
    const moved = () => setRoute(here());
    window.addEventListener('hashchange', moved);
    return () => window.removeEventListener('hashchange', moved);
  }, []);
  return route;
}
