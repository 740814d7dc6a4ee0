// What a component shows of the API: asked once, or again and again while it is on the page.
import { useEffect, useRef, useState } from '../vendor/preact.js';
import { access, ask, onAccess } from './api.js';

/**
 * Runs `load(signal)` at first and whenever one of `inputs` changes.
 *
 * @param every milliseconds until it is loaded again; 0 for never
 * @returns what it gave as `value`, what went wrong as `fault`, and `again` to load it now
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

/** The key and whether one is needed. */
export function useAccess() {
  const [now, setNow] = useState({ ...access });
  useEffect(() => onAccess(() => setNow({ ...access })), []);
  return now;
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
