/**
 * Finds client ids that a stream has twice. Their number has no bound, memory has: ids are taken
 * in until the table is full, later ones are only compared with it; the next pass over the log
 * starts where the last one stopped taking in. So every pair is compared in some pass.
 */
import { FingerprintTable } from './fingerprint-table.ts';
import type { StoredLine } from './stored-line.ts';

/** In one pass: their table has 335 MB. */
const idsMaxDefault = 11_000_000;

export class IdCheck {
  readonly #idsMax: number;
  readonly #versions = new FingerprintTable();
  /** Where this pass starts, and where the next one does; 0 while everything fits. */
  #from = 1;
  #next = 0;

  constructor(idsMax = idsMaxDefault) {
    this.#idsMax = idsMax;
  }

  /** Takes the next line; returns what is wrong with its id. */
  *add({ streamId, version, id, position }: StoredLine): Generator<string> {
    if (id === undefined || position < this.#from) return;
    const name = `${streamId}\n${id}`;
    const isFull = this.#versions.size >= this.#idsMax;
    if (isFull && this.#next === 0) this.#next = position;
    const before = isFull ? this.#versions.get(name) : this.#versions.set(name, version);
    if (before > 0) yield `its id ${id} is that of version ${before} of the same stream too`;
  }

  /** Begins the next pass, if there has to be one. */
  beginNextPass(): boolean {
    if (this.#next === 0) return false;
    this.#versions.clear();
    this.#from = this.#next;
    this.#next = 0;
    return true;
  }
}
