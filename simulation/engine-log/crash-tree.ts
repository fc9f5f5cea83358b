/**
 * A random life of a store, and what follows when it ends: at chosen calls the process is killed or
 * the power goes, the next process recovers, is checked, and may itself end anywhere.
 *
 *     life ──┬─────┬──> end          each branch is a state of the disk: killed, nothing kept,
 *            ├ recovery ─┬─> check    everything kept, or any part of what was not synced
 *            └ recovery  └ recovery in that recovery, and so on
 */
import { crc32 } from 'node:zlib';
import { type CrashChoice, keepEverything, keepNothing, keepSome } from '../file-system/crash.ts';
import type { SimulatedDirectory } from '../file-system/simulated-directory.ts';
import { SimulatedFileSystem } from '../file-system/simulated-file-system.ts';
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { after } from '../violation.ts';
import { ClientKnowledge } from './client-knowledge.ts';
import type { FaultPlan } from './fault-plan.ts';
import { KeptIndex } from './kept-index.ts';
import { type LifeOptions, RandomLife } from './random-life.ts';

export interface TreeReport {
  /** States of the disk that were recovered from and checked. */
  readonly states: number;
  /** How many recoveries in a row ended early, at most. */
  readonly depth: number;
  readonly faults: { readonly planned: number; readonly hit: number };
  /** Calls to the disk in all lives. */
  readonly calls: number;
  /** Of everything that was served; the same seed gives the same. */
  readonly checksum: number;
}

/** What kind of tree to grow. */
export interface TreePlan {
  /** Of the first life. */
  readonly steps: (random: SeededRandom) => number;
  /** Moments of a life at which it ends, and ways to end it at each, by the number of crashes before. */
  readonly branches: readonly { readonly moments: number; readonly ways: number }[];
  /** How often a process is killed rather than the power lost. */
  readonly killShare: number;
  /** What fails in a life after so many crashes. */
  readonly fault: (random: SeededRandom, depth: number) => FaultPlan | undefined;
}

interface Moment {
  readonly state: SimulatedDirectory;
  readonly knowledge: ClientKnowledge;
  readonly index: KeptIndex;
}

/** @throws Violation */
export async function growCrashTree(seed: number, plan: TreePlan): Promise<TreeReport> {
  const tree = new CrashTree(seededRandom(seed), plan);
  await tree.grow(undefined, 0);
  return tree.report;
}

class CrashTree {
  readonly report = { states: 0, depth: 0, faults: { planned: 0, hit: 0 }, calls: 0, checksum: 0 };
  readonly #random: SeededRandom;
  readonly #plan: TreePlan;
  readonly #disk: { readonly segmentBytes: number; readonly sectorBytes: number };

  constructor(random: SeededRandom, plan: TreePlan) {
    this.#random = random;
    this.#plan = plan;
    const sectorBytes = [64, 512, 512, 4_096][random.below(4)] as number;
    this.#disk = { segmentBytes: 512 + random.below(3_000), sectorBytes };
  }

  /** One life, and those that follow from the moments at which it could have ended. */
  async grow(start: Moment | undefined, depth: number): Promise<void> {
    const random = this.#random;
    const { moments: wanted, ways } = this.#plan.branches[depth] ?? { moments: 0, ways: 0 };
    const moments = new Moments(random, wanted);
    const fault = this.#plan.fault(random, depth);
    const life = this.#lifeFrom(start, { fault, onMoment: () => moments.offer(() => momentOf(life)) });
    const where = () => `after ${depth} crashes${fault ? `, with a fault (${fault.describe()})` : ''}`;
    await after(where, this.#live(life, depth, moments));
    this.#count(life, fault);
    for (const moment of moments.chosen) {
      for (let way = 0; way < ways; way++) {
        this.report.states++;
        this.report.depth = Math.max(this.report.depth, depth + 1);
        await this.grow(this.#after(moment), depth + 1);
      }
    }
  }

  async #live(life: RandomLife, depth: number, moments: Moments): Promise<void> {
    const random = this.#random;
    await life.live(depth === 0 ? this.#plan.steps(random) : stepsAfterCrash(random));
    moments.offer(() => momentOf(life));
    if (depth === 0 || random.isTrue(0.3)) await life.end();
  }

  #count({ machine, knowledge }: RandomLife, fault: FaultPlan | undefined): void {
    const { report } = this;
    report.calls += machine.fileSystem.calls;
    report.checksum = crc32([...knowledge.seen.values()].join('\n'), report.checksum);
    if (fault === undefined) return;
    report.faults.planned++;
    if (fault.hasHit) report.faults.hit++;
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

  /** What the next process finds. */
  #after({ state, knowledge, index }: Moment): Moment {
    const random = this.#random;
    const isKilled = random.isTrue(this.#plan.killShare);
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

/** Most recoveries only have to be right; some go on. */
function stepsAfterCrash(random: SeededRandom): number {
  return random.isTrue(0.6) ? 0 : 1 + random.below(3);
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
