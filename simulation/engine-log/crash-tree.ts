/**
 * A random life of a store, and what follows when it ends: at chosen calls the process is killed or
 * the power goes, the next process recovers, is checked, and may itself end anywhere.
 *
 *     life ──┬─────┬──> end          each branch is a state of the disk: killed, nothing kept,
 *            ├ recovery ─┬─> check    everything kept, or any part of what was not synced
 *            └ recovery  └ recovery in that recovery, and so on
 */
import { type CrashChoice, keepEverything, keepNothing, keepSome } from '../file-system/crash.ts';
import type { SimulatedDirectory } from '../file-system/simulated-directory.ts';
import { SimulatedFileSystem } from '../file-system/simulated-file-system.ts';
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { ClientKnowledge } from './client-knowledge.ts';
import { FaultPlan } from './fault-plan.ts';
import { KeptIndex } from './kept-index.ts';
import { type LifeOptions, RandomLife } from './random-life.ts';

export interface CrashReport {
  /** States of the disk that were recovered from and checked. */
  readonly states: number;
  /** Deepest recovery of a recovery. */
  readonly depth: number;
  readonly faults: { readonly planned: number; readonly hit: number };
}

/** How many recoveries in a row may end early. */
const depthMax = 3;

/** Moments of a life at which it ends, and ways to end it at each, by the number of crashes before. */
const shape = [
  { moments: 12, ways: 3 },
  { moments: 1, ways: 1 },
  { moments: 1, ways: 1 },
] as const;

interface Moment {
  readonly state: SimulatedDirectory;
  readonly knowledge: ClientKnowledge;
  readonly index: KeptIndex;
}

/** @throws Violation */
export async function runCrashTree(seed: number): Promise<CrashReport> {
  const tree = new CrashTree(seededRandom(seed));
  await tree.grow(undefined, 0);
  return tree.report;
}

class CrashTree {
  readonly #random: SeededRandom;
  readonly #disk: { readonly segmentBytes: number; readonly sectorBytes: number };
  readonly #report = { states: 0, depth: 0, faults: { planned: 0, hit: 0 } };

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#disk = {
      segmentBytes: 512 + random.below(3_000),
      sectorBytes: [64, 512, 512, 4_096][random.below(4)] as number,
    };
  }

  get report(): CrashReport {
    return this.#report;
  }

  /** One life, and those that follow from the moments at which it could have ended. */
  async grow(start: Moment | undefined, depth: number): Promise<void> {
    const moments = new Moments(this.#random, shape[depth]?.moments ?? 0);
    const fault = this.#fault(depth);
    const life = this.#lifeFrom(start, { fault, onMoment: () => moments.offer(() => momentOf(life)) });
    const steps = depth === 0 ? 6 + this.#random.below(10) : this.#random.isTrue(0.6) ? 0 : 1 + this.#random.below(3);
    await life.live(steps);
    moments.offer(() => momentOf(life));
    if (depth === 0 || this.#random.isTrue(0.3)) await life.end();
    if (fault !== undefined) {
      this.#report.faults.planned++;
      if (fault.hasHit) this.#report.faults.hit++;
    }
    for (const moment of moments.chosen) {
      for (let way = 0; way < (shape[depth]?.ways ?? 0); way++) {
        this.#report.states++;
        this.#report.depth = Math.max(this.#report.depth, depth + 1);
        await this.grow(this.#after(moment), depth + 1);
      }
    }
  }

  #lifeFrom(start: Moment | undefined, options: Pick<LifeOptions, 'fault' | 'onMoment'>): RandomLife {
    const random = this.#random;
    const seed = random.below(2 ** 31);
    return new RandomLife({
      ...options,
      machine: { ...this.#disk, seed, ...(start && { state: start.state }) },
      random,
      knowledge: new ClientKnowledge(start?.knowledge),
      index: start?.index ?? new KeptIndex(),
    });
  }

  /** In some lives a sync or a write of the log or of `head` fails. */
  #fault(depth: number): FaultPlan | undefined {
    const random = this.#random;
    if (depth >= depthMax || !random.isTrue(depth === 0 ? 0.3 : 0.05)) return undefined;
    const operation = random.isTrue(0.7) ? 'sync' : 'write';
    return new FaultPlan({ code: 'EIO', at: 4 + random.below(12), calls: 1, operations: [operation] });
  }

  /** What the next process finds. */
  #after({ state, knowledge, index }: Moment): Moment {
    const random = this.#random;
    const isKilled = random.isTrue(0.2);
    const disk = new SimulatedFileSystem({ state, sectorBytes: this.#disk.sectorBytes });
    const kept = random.isTrue(0.7) ? index.copy() : index.copy(random.below(index.batches + 1));
    return { state: isKilled ? disk.state() : disk.stateAfterCrash(this.#choice()), knowledge, index: kept };
  }

  #choice(): CrashChoice {
    const dice = this.#random.below(10);
    if (dice < 3) return keepNothing;
    return dice === 3 ? keepEverything : keepSome(this.#random);
  }
}

function momentOf({ machine, knowledge, index }: RandomLife): Moment {
  return { state: machine.fileSystem.state(), knowledge: new ClientKnowledge(knowledge), index: index.copy() };
}

/** A fair choice of a few moments of a life, made without knowing how many there will be. */
class Moments {
  readonly chosen: Moment[] = [];
  readonly #random: SeededRandom;
  readonly #wanted: number;
  #offered = 0;

  constructor(random: SeededRandom, wanted: number) {
    this.#random = random;
    this.#wanted = wanted;
  }

  offer(take: () => Moment): void {
    this.#offered++;
    if (this.chosen.length < this.#wanted) this.chosen.push(take());
    else {
      const place = this.#random.below(this.#offered);
      if (place < this.#wanted) this.chosen[place] = take();
    }
  }
}
