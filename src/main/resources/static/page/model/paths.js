// Where the API has a version.
import { path } from '../http/api.js';

export const versionPath = (card, ...more) => path('models', card.model, 'versions', String(card.version), ...more);
