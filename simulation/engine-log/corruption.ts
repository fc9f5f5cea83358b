/** One way in which a file of a store becomes another than it was, and what it is tried with. */
import type { SeededRandom } from '../seeded-random.ts';
import type { RandomStore } from './random-store.ts';

export interface CorruptionSource {
  readonly random: SeededRandom;
  readonly store: RandomStore;
  /** Another store, for what is foreign, and one that the same program filled. */
  readonly other: RandomStore;
  readonly twin: RandomStore;
}

/** Changes one file of an image, and says what it did. */
export type Corruption = (image: Map<string, Buffer | undefined>, source: CorruptionSource) => string;

export function anyOf<T>(random: SeededRandom, values: readonly T[]): T {
  return values[random.below(values.length)] as T;
}

export function contentOf(image: ReadonlyMap<string, Buffer | undefined>, path: string): Buffer {
  return Buffer.from(image.get(path) ?? Buffer.alloc(0));
}
