// Names a data set that is on the service. Who may list them is offered their names.
import { html, useState } from '../vendor/preact.js';
import { all, ask } from '../http/api.js';
import { useLoaded } from '../http/hooks.js';
import { useMay } from '../caller/caller.js';

const LISTED = 200;

/** @param onChange is told the id of the chosen one, or its name if it is not known here */
export function DatasetField({ value, onChange, action, label = 'Data set' }) {
  const may = useMay('train');
  const known = useLoaded((signal) => (may ? all('datasets', LISTED, signal) : { items: [] }), [may]);
  const datasets = known.value?.items || [];
  const [typed, setTyped] = useState(null);
  const text = typed ?? datasets.find((each) => each.id === value)?.name ?? value ?? '';
  const submit = (event) => {
    event.preventDefault();
    onChange(datasets.find((each) => each.name === text)?.id ?? text);
  };
  const list = `datasets-${action.replace(/\W/g, '')}`;
  return html`<form class="inline" onSubmit=${submit}>
    <label class="field"><span>${label}</span><input name="dataset" list=${list} value=${text} placeholder="its name or id" autocomplete="off" onInput=${(event) => setTyped(event.target.value)} required/></label>
    <datalist id=${list}>${[...new Set(datasets.map((each) => each.name))].map((each) => html`<option value=${each}/>`)}</datalist>
    <button>${action}</button>
    ${value && html`<button type="button" class="link" onClick=${() => { setTyped(null); onChange(null); }}>Clear</button>`}
  </form>`;
}

/** The id of the data set that a version was trained on; null if it is gone or not to be seen. */
export function useTrainingData(card) {
  const may = useMay('train');
  return useLoaded(async (signal) => {
    const id = card.provenance?.trainingId;
    if (!may || !id) return null;
    const training = await ask(`trainings/${encodeURIComponent(id)}`, { signal }).catch(() => null);
    return training?.dataset ?? null;
  }, [card.provenance?.trainingId, may]).value;
}
