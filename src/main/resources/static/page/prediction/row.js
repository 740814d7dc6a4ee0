// A row to ask about: its first values, and how it is sent.

/** The value that a column has at first: that of a typical row, else the middle of the training range. */
export function firstValue(feature, typical) {
  const known = typical?.[feature.name];
  if (known !== undefined && known !== null) return known;
  if (feature.categories) return feature.categories[0];
  if (feature.type === 'boolean') return false;
  if (feature.type === 'date') return feature.min;
  return Number((feature.median ?? feature.min ?? 0).toPrecision(6));
}

export const firstRow = (card) => Object.fromEntries((card.input.features || []).map((each) => [each.name, firstValue(each, card.typicalRow)]));

/** Places on the slider of a number, and the digits that they are rounded to. */
export function slider({ min, max }) {
  const span = max - min || 1;
  const whole = Number.isInteger(min) && Number.isInteger(max) && span > 2;
  const step = whole ? Math.max(1, 10 ** Math.floor(Math.log10(span / 200))) : 10 ** Math.floor(Math.log10(span / 200));
  return { min, max, step: Number(step.toPrecision(1)) };
}

const OPTIONS = [['interval', '0.9'], ['explain', 'true'], ['count', 'false']];

/**
 * Asks for one row with all that can be said about the answer, and with less where the service or the
 * version cannot say it.
 */
export async function answerTo(ask, where, row, without = []) {
  const query = new URLSearchParams(OPTIONS.filter(([name]) => !without.includes(name)));
  try {
    const body = Array.isArray(row) ? { inputs: [row] } : { rows: [row] };
    const answer = await ask(`${where}?${query}`, { json: body });
    return { ...answer.predictions[0], without };
  } catch (fault) {
    const refused = refusedOption(fault, without);
    if (refused) return answerTo(ask, where, row, [...without, ...refused]);
    throw fault;
  }
}

function refusedOption(fault, without) {
  if (fault.code === 'no-calibration' && !without.includes('interval')) return ['interval'];
  if (fault.code !== 'unknown-parameter') return null;
  const left = OPTIONS.map(([name]) => name).filter((name) => !without.includes(name));
  const named = left.filter((name) => fault.message.includes(name));
  return named.length ? named : left.length ? left : null;
}
