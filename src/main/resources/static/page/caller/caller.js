// Who looks at the page, and what that one may do. Each role may do what those before it may.
import { createContext, useContext } from '../vendor/preact.js';

const ROLES = ['predict', 'train', 'admin'];

export const Caller = createContext(null);

/** @returns whether the caller may do what this role may */
export function useMay(role) {
  const caller = useContext(Caller);
  return caller !== null && ROLES.indexOf(caller.role) >= ROLES.indexOf(role);
}

export const useCaller = () => useContext(Caller);
