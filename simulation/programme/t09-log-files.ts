/** T9, its other half: everything in a data directory is damaged in several ways at once, and opened. Shows P-03. */
import { checkDamaged } from '../engine-log/check-damaged.ts';
import { corruptAnything } from '../engine-log/corruptions.ts';
import { randomStore, twinOf } from '../engine-log/random-store.ts';
import { seededRandom } from '../seeded-random.ts';
import { after } from '../violation.ts';
import type { Part } from './part.ts';

const directoriesPerTrial = 50;

export const logFiles: Part = {
  id: 'T9-files',
  name: 'log-files',
  title:
    'data directories with one to four kinds of damage at once: log, head, store.json, lines and blocks of another store; index absent, behind, right',
  unit: 'directories',
  counts: { short: 14_000, full: 500_000, goal: 10_000_000 },
  needs: [],
  async run({ seed }) {
    const random = seededRandom(seed);
    const store = await randomStore(seed);
    const other = await randomStore(seed + 1_000_000_000, { storeId: 'other' });
    const twin = await twinOf(seed);
    const figures = { ready: 0, 'read-only': 0, refused: 0, full: 0, unavailable: 0 };
    for (let i = 0; i < directoriesPerTrial; i++) {
      const { image, what } = corruptAnything(store.image, { random, store, other, twin });
      const index = random.isTrue(0.5) ? store.index.copy(random.below(store.index.batches + 1)) : undefined;
      const { outcome } = await after(what, checkDamaged(image, store, index));
      figures[outcome]++;
    }
    const { full: _, unavailable: __, ...seen } = figures;
    return { done: directoriesPerTrial, figures: seen };
  },
};
