// How figures, times and sizes are written.

const LOCALE = 'en';

/** A number with so many significant digits, without an exponent where a person would write none. */
export function number(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (typeof value !== 'number') return String(value);
  const size = Math.abs(value);
  if (size < 1e-12) return '0';
  if (size >= 1e15 || size < 1e-4) return value.toExponential(Math.min(2, digits - 1)).replace(/\.?0*e\+?/, 'e');
  return new Intl.NumberFormat(LOCALE, {
    maximumSignificantDigits: size >= 1000 && digits < 6 ? Math.max(digits, Math.floor(Math.log10(size)) + 1) : digits,
    useGrouping: size >= 10_000,
  }).format(value);
}

/** A number for an axis: thousands and millions in short. */
export const brief = (value) => (Math.abs(value) < 10_000 ? number(value, 3) : new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumSignificantDigits: 4 }).format(value));

export const count = (value) => (value === null || value === undefined ? '–' : new Intl.NumberFormat(LOCALE).format(value));

export function percent(share, digits = 1) {
  if (share === null || share === undefined) return '–';
  const value = 100 * share;
  return `${value.toFixed(Math.abs(value) >= 99.95 && value < 100 ? 2 : digits).replace(/\.0+$/, '')} %`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

export function bytes(value) {
  if (value === null || value === undefined) return '–';
  let unit = 0;
  let left = value;
  while (left >= 1000 && unit < UNITS.length - 1) {
    left /= 1000;
    unit++;
  }
  return `${left >= 100 || unit === 0 ? Math.round(left) : left.toFixed(1)} ${UNITS[unit]}`;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  if (seconds < 1) return seconds < 0.001 ? 'under 1 ms' : `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

export function ago(time, now = Date.now()) {
  if (!time) return '–';
  const seconds = (now - Date.parse(time)) / 1000;
  return seconds < 5 ? 'just now' : `${duration(seconds).replace(/\.\d/, '')} ago`;
}

export const moment = (time) =>
  time ? new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time)) : '–';

const FRACTIONS = new Set(['accuracy', 'balancedAccuracy', 'exactMatch', 'coverage', 'mape', 'precision', 'recall']);

/** A metric by its name: shares as per cents. */
export const metric = (name, value) => (FRACTIONS.has(name) ? percent(value) : number(value));

const NAMES = {
  accuracy: 'Accuracy', logLoss: 'Log loss', auc: 'ROC AUC', prAuc: 'PR AUC', f1: 'F1', mcc: 'MCC',
  balancedAccuracy: 'Balanced accuracy', brier: 'Brier score', ece: 'Calibration error', rmse: 'RMSE',
  mae: 'MAE', r2: 'R²', mape: 'MAPE', pinball: 'Pinball loss', coverage: 'Coverage', exactMatch: 'Exact match',
  loss: 'Loss', precision: 'Precision', recall: 'Recall', trainLoss: 'Training loss',
};

export const label = (name) => NAMES[name] || name;

const BETTER_LOW = new Set(['logLoss', 'brier', 'ece', 'rmse', 'mae', 'mape', 'pinball', 'loss', 'trainLoss']);

export const isErrorMetric = (name) => BETTER_LOW.has(name);

const PARTS = {
  outOfFold: 'Out of fold', validation: 'Validation rows', test: 'Test rows', calibration: 'Calibration rows',
  training: 'Training rows',
};

export const part = (name) => PARTS[name] || name;
