/**
 * How often a head that this instance wrote last turns out to be behind, because others write to
 * its streams as well. One stale head costs its whole group, so above a small share every head is
 * looked up first; the look-ups tell when that is no longer needed.
 */
const weight = 1 / 64;
const staleShareMax = 0.02;

export class Trust {
  #staleShare = 0;

  get isHigh(): boolean {
    return this.#staleShare <= staleShareMax;
  }

  note(head: 'current' | 'stale'): void {
    this.#staleShare += weight * ((head === 'stale' ? 1 : 0) - this.#staleShare);
  }
}
