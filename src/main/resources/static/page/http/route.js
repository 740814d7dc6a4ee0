// Every view has an address behind the #: parts of a path, and a query.
import { useEffect, useState } from '../vendor/preact.js';

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
