/**
 * What an opening engine holds: closed in the reverse order of opening, all of it, whether the
 * opening failed half-way or the engine is closed after a long life.
 */
export class Resources {
  readonly #closers: (() => unknown)[] = [];

  /** `close` may return a promise. */
  add(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Closes everything, also after something failed to close; throws what failed first. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
