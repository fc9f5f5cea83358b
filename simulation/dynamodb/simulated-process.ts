/**
 * A process with its connection to DynamoDB: requests and answers are lost, late or repeated; the
 * process may be paused, and what reaches it then waits, or be killed, and what it sent may still land.
 */
import type { Clock } from '@event-store/core';
import { type Item, QueryFailure, type Table, type TableQuery } from '../../packages/engine-dynamodb/src/table.ts';
import type { World } from '../../packages/engine-dynamodb/src/world.ts';
import type { Chance } from './chance.ts';
import type { SimulatedDynamodb } from './simulated-dynamodb.ts';
import type { VirtualTime } from './virtual-time.ts';

const timeoutMs = 150;

export class SimulatedProcess {
  readonly world: World;
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #dynamodb: SimulatedDynamodb;
  #pausedUntilMs = 0;
  isKilled = false;

  constructor({ time, chance, dynamodb }: { time: VirtualTime; chance: Chance; dynamodb: SimulatedDynamodb }) {
    this.#time = time;
    this.#chance = chance;
    this.#dynamodb = dynamodb;
    this.world = { table: this.#table(), clock: this.#clock(), random: chance, observer: {} };
  }

  pause(durationMs: number): void {
    this.#pausedUntilMs = this.#time.monotonicMs() + durationMs;
  }

  #clock(): Clock {
    return {
      now: () => this.#time.now(),
      monotonicMs: () => this.#time.monotonicMs(),
      after: (delayMs, action) => this.#time.after(delayMs, () => this.#deliver(action)),
    };
  }

  /** Runs something in this process: never once it is killed, later while it is paused. */
  #deliver(action: () => void): void {
    if (this.isKilled) return;
    const pauseMs = this.#pausedUntilMs - this.#time.monotonicMs();
    if (pauseMs > 0) this.#time.after(pauseMs, () => this.#deliver(action));
    else action();
  }

  #table(): Table {
    return {
      put: (item) =>
        this.#send(async () => this.#dynamodb.put(item), {
          lost: { outcome: 'unknown' },
          throttled: { outcome: 'not-applied' },
        }),
      replace: (item, revision) =>
        this.#send(async () => this.#dynamodb.replace(item, revision), {
          lost: { outcome: 'unknown' },
          throttled: { outcome: 'not-applied' },
        }),
      transactPut: (items: readonly Item[], token: string) =>
        this.#send(() => this.#dynamodb.transactPut(items, token), {
          lost: { outcome: 'unknown' },
          throttled: { outcome: 'not-applied' },
        }),
      query: async (query: TableQuery) => {
        const page = await this.#send(async () => this.#dynamodb.query(query), {
          lost: undefined,
          throttled: undefined,
        });
        if (page === undefined) throw new QueryFailure('again', new Error('simulated'));
        return page;
      },
    };
  }

  /** One request. `lost` is what the process knows when no answer came in time. */
  #send<Answer, Lost extends Answer | undefined>(
    land: () => Promise<Answer>,
    { lost, throttled }: { lost: Lost; throttled: Lost },
  ): Promise<Answer | Lost> {
    const { promise, resolve } = Promise.withResolvers<Answer | Lost>();
    const answer = (result: Answer | Lost) => this.#deliver(() => resolve(result));
    if (this.isKilled) return promise;
    this.#time.after(timeoutMs, () => answer(lost));
    const arrive = () => {
      if (this.#goesWrong(0.02)) {
        answer(throttled);
        return;
      }
      void land().then((result) => {
        if (!this.#goesWrong(0.04)) this.#time.after(this.#latency(), () => answer(result));
      });
    };
    if (!this.#goesWrong(0.03)) this.#time.after(this.#latency(), arrive);
    if (this.#goesWrong(0.02)) this.#time.after(this.#chance.between(0, 1_500), arrive);
    return promise;
  }

  /** Some requests take longer than the process waits, and land all the same. */
  #latency(): number {
    if (this.#goesWrong(0.02)) return this.#chance.between(timeoutMs, 8 * timeoutMs);
    return this.#chance.between(0.5, 6);
  }

  #goesWrong(probability: number): boolean {
    return this.#dynamodb.isFaulty && this.#chance.happens(probability);
  }
}
