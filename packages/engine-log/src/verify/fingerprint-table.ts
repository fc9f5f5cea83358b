/**
 * Numbers by text, for more texts than a map of strings has room for: a text is known by 96 bits
 * of its SHA-1, in an open table of 20 bytes a slot. So a text costs 29 to 57 bytes whatever its
 * length, and among a hundred million the odds that any two are taken for one are below 2^-43.
 */
import { hash } from 'node:crypto';

const slotWords = 3;
const loadMax = 0.7;
const slotsMin = 1024;

export class FingerprintTable {
  /** Three words a slot; a value of 0 is an empty slot. */
  #keys = new Uint32Array(slotsMin * slotWords);
  #values = new Float64Array(slotsMin);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** The text's number; 0 when it has none. */
  get(text: string): number {
    return this.#values[this.#slot(fingerprint(text))] as number;
  }

  /** Gives a text a number above 0; returns the one that it had. */
  set(text: string, value: number): number {
    return this.#put(text, () => value);
  }

  /** Gives a text a number above 0, unless it has a greater one; returns the one that it had. */
  raise(text: string, value: number): number {
    return this.#put(text, (before) => Math.max(before, value));
  }

  clear(): void {
    this.#keys.fill(0);
    this.#values.fill(0);
    this.#count = 0;
  }

  /** The slot of a key, or the empty one that it would get. */
  #slot(key: Uint32Array): number {
    const mask = this.#values.length - 1;
    let slot = (key[0] as number) & mask;
    while (this.#values[slot] !== 0 && !this.#isAt(slot * slotWords, key)) slot = (slot + 1) & mask;
    return slot;
  }

  #put(text: string, next: (before: number) => number): number {
    const key = fingerprint(text);
    const slot = this.#slot(key);
    const before = this.#values[slot] as number;
    this.#values[slot] = next(before);
    if (before > 0) return before;
    this.#keys.set(key, slot * slotWords);
    this.#count++;
    if (this.#count > this.#values.length * loadMax) this.#grow();
    return 0;
  }

  #isAt(at: number, key: Uint32Array): boolean {
    return this.#keys[at] === key[0] && this.#keys[at + 1] === key[1] && this.#keys[at + 2] === key[2];
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#values = new Float64Array(values.length * 2);
    for (const [slot, value] of values.entries()) {
      if (value === 0) continue;
      const key = keys.subarray(slot * slotWords, (slot + 1) * slotWords);
      const next = this.#slot(key);
      this.#keys.set(key, next * slotWords);
      this.#values[next] = value;
    }
  }
}

function fingerprint(text: string): Uint32Array {
  const digest = hash('sha1', text, 'buffer');
  return Uint32Array.of(digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8));
}
