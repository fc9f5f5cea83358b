/** T3: every bit of one store is flipped, another is cut at every byte, and random ones are damaged in every way. */
import { checkDamaged } from '../engine-log/check-damaged.ts';
import { corruptLog } from '../engine-log/corruptions.ts';
import { type RandomStore, randomStore, storeOfBytes, twinOf } from '../engine-log/random-store.ts';
import { seededRandom } from '../seeded-random.ts';
import { after, hold } from '../violation.ts';
import type { Part } from './part.ts';

/** Of one trial. */
const casesPerTrial = 50;

export const corruption: Part = {
  id: 'T3',
  name: 'corruption',
  title: 'every bit of a 16 KiB store, every truncation of a 64 KiB store, damage of every kind to the logs of others',
  unit: 'corruptions',
  counts: { short: 5_000, full: 215_000, goal: 1_000_000 },
  needs: [],
  async run({ seed }) {
    const kind = seed % 3;
    const first = Math.floor(seed / 3) * casesPerTrial;
    if (kind === 0) await flipBits(first);
    else if (kind === 1) await cutBytes(first);
    else await damageLogs(seed);
    return { done: casesPerTrial };
  },
};

const stores = new Map<number, Promise<RandomStore>>();

/** The store of a size, made once. */
function storeOf(bytes: number): Promise<RandomStore> {
  const store = stores.get(bytes) ?? storeOfBytes(bytes, bytes / 4);
  stores.set(bytes, store);
  return store;
}

/** A file of the log and a place in it, where all of them are numbered through. */
function placeIn({ image, segments }: RandomStore, number: number): { path: string; at: number } {
  const total = segments.reduce((sum, path) => sum + (image.get(path)?.length ?? 0), 0);
  let at = number % total;
  for (const path of segments) {
    const { length = 0 } = image.get(path) ?? {};
    if (at < length) return { path, at };
    at -= length;
  }
  throw new RangeError(`there is no byte ${number}`);
}

/** Shares no factor with a power of two, so that few trials are spread over everything, and enough reach all of it. */
const stride = 7_919;

async function flipBits(first: number): Promise<void> {
  const store = await storeOf(16 * 1024);
  for (let number = first; number < first + casesPerTrial; number++) {
    const bit = (number * stride) % (16 * 1024 * 8);
    const { path, at } = placeIn(store, bit >> 3);
    const content = Buffer.from(store.image.get(path) as Buffer);
    content[at] = (content[at] as number) ^ (1 << (bit & 7));
    await expectNoticed(store, path, content, `bit ${bit & 7} of byte ${at} of ${path}`);
  }
}

async function cutBytes(first: number): Promise<void> {
  const store = await storeOf(64 * 1024);
  for (let number = first; number < first + casesPerTrial; number++) {
    const { path, at } = placeIn(store, (number * stride) % (64 * 1024));
    const content = (store.image.get(path) as Buffer).subarray(0, at);
    await expectNoticed(store, path, content, `${path} ends at ${at}`);
  }
}

async function expectNoticed(store: RandomStore, path: string, content: Buffer, what: string): Promise<void> {
  const { outcome } = await after(what, checkDamaged(new Map(store.image).set(path, content), store));
  hold('P-04', outcome === 'read-only', `${what}: the store is ${outcome}`);
}

async function damageLogs(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const store = await randomStore(seed);
  const other = await randomStore(seed + 1_000_000_000, { storeId: 'other' });
  const twin = await twinOf(seed);
  for (let i = 0; i < casesPerTrial; i++) {
    const { image, what } = corruptLog(store.image, { random, store, other, twin });
    await after(what, checkDamaged(image, store));
  }
}
