/** A disk that fails in one way: from one of its calls on, for a number of calls. */
import type { Operation, SimulatedCall } from '../file-system/simulated-file-system.ts';

export interface FaultPlanOptions {
  readonly code: string;
  /** The first call that fails, counted from 1 among those that match. */
  readonly at: number;
  /** How many fail in a row; infinity for ever. */
  readonly calls: number;
  /** Only calls of these kinds; all if not given. */
  readonly operations?: readonly Operation[];
}

export class FaultPlan {
  readonly code: string;
  readonly #options: FaultPlanOptions;
  #matching = 0;
  #hit: SimulatedCall | undefined;

  constructor(options: FaultPlanOptions) {
    this.#options = options;
    this.code = options.code;
  }

  get hasHit(): boolean {
    return this.#hit !== undefined;
  }

  /** What failed first, and how. */
  describe(): string {
    const where =
      this.#hit === undefined ? 'no call' : `call ${this.#hit.number} (${this.#hit.operation} ${this.#hit.path})`;
    return `${where} fails with ${this.code}, ${this.#options.calls} times`;
  }

  /** For `SimulatedFileSystemOptions.fault`. */
  readonly of = (call: SimulatedCall): string | undefined => {
    const { at, calls, operations } = this.#options;
    if (operations !== undefined && !operations.includes(call.operation)) return undefined;
    this.#matching++;
    if (this.#matching < at || this.#matching >= at + calls) return undefined;
    this.#hit ??= call;
    return this.code;
  };
}
