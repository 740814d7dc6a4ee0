// From data to places in a drawing.

export const linear = (from, to, low, high) => {
  const span = to - from || 1;
  return (value) => low + ((value - from) / span) * (high - low);
};

/** The least and the greatest finite value; of none 0 and 1. */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value !== null && Number.isFinite(value)) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low > high ? [0, 1] : low === high ? [low - Math.abs(low || 1) / 2, high + Math.abs(high || 1) / 2] : [low, high];
}

/** Round values between two, about so many. */
export function ticks(from, to, about = 5) {
  const raw = (to - from) / about || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= raw * 0.999);
  const all = [];
  for (let at = Math.ceil(from / step - 1e-9) * step; at <= to + step * 1e-9; at += step) {
    all.push(Math.abs(at) < step * 1e-9 ? 0 : Number(at.toPrecision(12)));
  }
  return all;
}

/** Equal parts of the range of some numbers, and how many are in each. */
export function bins(values, most = 20) {
  const [from, to] = extent(values);
  const whole = values.every(Number.isInteger) && to - from < most;
  const size = whole ? Math.max(1, Math.round(to - from) + 1) : most;
  const low = whole ? from - 0.5 : from;
  const high = whole ? from + size - 0.5 : to;
  const counts = new Array(size).fill(0);
  for (const value of values) counts[Math.min(size - 1, Math.floor(((value - low) / (high - low)) * size))]++;
  return { from: low, to: high, counts };
}

/** A path through points, broken where a value is missing. */
export function line(xs, ys, x, y) {
  let path = '';
  let pen = 'M';
  for (let i = 0; i < xs.length; i++) {
    if (ys[i] === null || ys[i] === undefined || !Number.isFinite(ys[i])) {
      pen = 'M';
      continue;
    }
    path += `${pen}${x(xs[i]).toFixed(1)} ${y(ys[i]).toFixed(1)}`;
    pen = 'L';
  }
  return path;
}

/** Places of at most so many of a number of values, the last one among them. */
export function thinned(length, most) {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
}

// The colours of Okabe and Ito, which the colour-blind can tell apart, by their names in the style sheet.
export const COLOURS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'];
export const DASHES = ['', '6 3', '2 3', '8 3 2 3', '12 4'];
