/**
 * Clients and subscribers at work on one store. What is asked comes from the seed; when, and what
 * is answered, comes from real processes in real time, and is different each time.
 */
import type { Clock } from '../../packages/core/src/clock.ts';
import { seededRandom } from '../seeded-random.ts';
import { aFilter, Client } from './client.ts';
import { Recorder } from './recorder.ts';
import { StoreLocation } from './store-location.ts';
import { Subscriber } from './subscriber.ts';

export interface WorkloadOptions {
  readonly seed: number;
  readonly clients: number;
  readonly subscribers: number;
  /** Ends after so many operations, unless it is stopped before. */
  readonly operations: number;
  readonly clock: Clock;
}

const sharedStreams = ['shared/a', 'shared/b', 'ünïcode & more'];

export class Workload {
  readonly location = new StoreLocation();
  readonly recorder: Recorder;
  readonly #clients: readonly Client[];
  readonly #subscribers: readonly Subscriber[];
  readonly #operations: number;
  #working: Promise<unknown> = Promise.resolve();
  #following: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor({ seed, clients, subscribers, operations, clock }: WorkloadOptions) {
    this.recorder = new Recorder(clock);
    this.#operations = operations;
    const { location, recorder } = this;
    const randomOf = (number: number) => seededRandom(seed * 1_009 + number);
    this.#clients = Array.from({ length: clients }, (_, number) => {
      const client = `client-${number + 1}`;
      return new Client({ client, location, recorder, random: randomOf(number), sharedStreams });
    });
    this.#subscribers = Array.from({ length: subscribers }, (_, number) => {
      const random = randomOf(10_000 + number);
      const parts = { client: `subscriber-${number + 1}`, location, recorder, random };
      if (number % 4 === 1) return new Subscriber({ ...parts, filter: aFilter(random) });
      return new Subscriber(number % 4 === 2 ? { ...parts, streamId: sharedStreams[0] as string } : parts);
    });
  }

  /** Begins; from now on a store that is up is used. */
  start(): void {
    this.#working = Promise.all(this.#clients.map((client) => this.#work(client)));
    this.#following = Promise.all(this.#subscribers.map((subscriber) => subscriber.run()));
    // Whoever waits for the end is told; until then a failure is nobody's.
    this.#working.catch(() => undefined);
    this.#following.catch(() => undefined);
  }

  /** The machine under the store is gone: whatever was not received by now never comes. */
  sever(): void {
    this.location.down();
    for (const client of this.#clients) client.close();
    for (const subscriber of this.#subscribers) subscriber.cut();
  }

  /** Operations that are over. */
  get done(): number {
    return this.recorder.operations.done;
  }

  /** Fulfils when all operations are over; the store must be up for that. */
  async finished(): Promise<void> {
    await Promise.race([this.#working, this.#following]);
    await this.#working;
  }

  /** No more operations; fulfils when those under way are over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.finished();
    for (const client of this.#clients) client.close();
  }

  /** Lets subscribers come to the end, waits as long as that may take, and ends them. */
  async catchUp(
    end: { readonly position: number; readonly versions: ReadonlyMap<string, number> },
    isLate: Promise<void>,
  ) {
    const over = isLate.then(() => 'late' as const);
    for (const subscriber of this.#subscribers) {
      const { streamId } = subscriber;
      const target = streamId === undefined ? end.position : (end.versions.get(streamId) ?? 0);
      while (subscriber.through < target) {
        if ((await Promise.race([subscriber.change(), over, this.#following])) === 'late') break;
      }
    }
    for (const subscriber of this.#subscribers) subscriber.stop();
    await this.#following;
  }

  async #work(client: Client): Promise<void> {
    const { operations } = this.recorder;
    while (!this.#isStopped && operations.planned < this.#operations) {
      operations.planned++;
      await client.operate();
      operations.done++;
    }
  }
}
