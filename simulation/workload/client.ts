/**
 * One client: asks for one thing after the other, chosen by its seed. It knows of the store only
 * what it was told itself, so what it believes of streams that others write to is often old.
 */
import type { FeedFilter } from '../checker/history.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { Appender, type AppendRequest } from './appender.ts';
import { eventTypes, makeEvents } from './event-maker.ts';
import { Reader } from './reader.ts';
import type { Recorder } from './recorder.ts';
import type { StoreLocation } from './store-location.ts';

export interface ClientParts {
  readonly client: string;
  readonly location: StoreLocation;
  readonly recorder: Recorder;
  readonly random: SeededRandom;
  /** Streams that every client writes to. */
  readonly sharedStreams: readonly string[];
}

/** How often what is done, in a hundred. */
const habits = [
  [20, 'append'],
  [15, 'append with ids'],
  [27, 'compete'],
  [5, 'append far off'],
  [4, 'repeat'],
  [2, 'reuse an id'],
  [2, 'append nonsense'],
  [3, 'leave'],
  [10, 'read a stream'],
  [9, 'read the feed'],
  [3, 'read one event'],
] as const;

type Habit = (typeof habits)[number][1];

const tickets: readonly Habit[] = habits.flatMap(([share, habit]) => Array.from({ length: share }, () => habit));

export class Client {
  readonly #parts: ClientParts;
  readonly #appender: Appender;
  readonly #reader: Reader;
  readonly #ownStream: string;
  readonly #known = new Map<string, number>();
  readonly #stored: AppendRequest[] = [];
  #cursor = 0;
  #events = 0;

  constructor(parts: ClientParts) {
    const { client, location, recorder } = parts;
    this.#parts = parts;
    this.#appender = new Appender(client, location, recorder);
    this.#reader = new Reader({ client, agent: this.#appender.agent, location, recorder });
    this.#ownStream = `own/${client}`;
  }

  /** Fulfils when one operation is over, and its outcome as well known as it can be. */
  async operate(): Promise<void> {
    await this.#doIt(tickets[this.#parts.random.below(tickets.length)] ?? 'append');
  }

  /** Gives up its connection; the answer to what it asked last is not known then. */
  close(): void {
    this.#appender.agent.destroy();
  }

  #doIt(habit: Habit): Promise<unknown> {
    const { random } = this.#parts;
    switch (habit) {
      case 'append':
        return this.#append({ hasIds: false });
      case 'append with ids':
        return this.#append({ hasIds: true });
      case 'compete':
        return this.#compete();
      case 'append far off':
        return this.#append({ hasIds: random.isTrue(0.5), version: this.#far() });
      case 'repeat':
        return this.#repeat();
      case 'reuse an id':
        return this.#reuse();
      case 'append nonsense':
        return this.#append({ hasIds: false, data: 'this is not base64' });
      case 'leave':
        return this.#append({ hasIds: random.isTrue(0.5), leaves: true });
      case 'read a stream':
        return this.#readStream();
      case 'read the feed':
        return this.#readFeed();
      case 'read one event':
        return this.#reader.oneEvent(this.#aStream(), 1 + random.below(50));
    }
  }

  async #append(wishes: { hasIds: boolean; version?: number; leaves?: boolean; data?: string }): Promise<void> {
    const { hasIds, version, leaves = false, data } = wishes;
    const events = this.#newEvents(hasIds).map((event) => (data === undefined ? event : { ...event, data }));
    await this.#send(this.#appender.newRequest(this.#aStream(), events, version), leaves);
  }

  /** With the version that it believes to be next, at a stream where others do the same. */
  async #compete(): Promise<void> {
    const { random, recorder, sharedStreams } = this.#parts;
    const streamId = sharedStreams[random.below(sharedStreams.length)] ?? this.#ownStream;
    const expectedVersion = (this.#known.get(streamId) ?? 0) + 1;
    const request = this.#appender.newRequest(streamId, this.#newEvents(random.isTrue(0.7)), expectedVersion);
    const { outcome } = await this.#send(request);
    if (outcome === 'ok' || outcome === 'conflict') recorder.contended.done++;
    if (outcome === 'conflict') recorder.contended.conflicts++;
  }

  /** The very request that was stored before. */
  async #repeat(): Promise<void> {
    const request = this.#stored[this.#parts.random.below(this.#stored.length)];
    if (request !== undefined) await this.#send(request);
  }

  /** A name that was taken before, for something else. */
  async #reuse(): Promise<void> {
    const before = this.#stored[this.#parts.random.below(this.#stored.length)];
    const [id] = before?.ids ?? [];
    if (before === undefined || id === undefined) return;
    const events = this.#newEvents(true)
      .slice(0, 1)
      .map((event) => ({ ...event, id }));
    await this.#send(this.#appender.newRequest(before.streamId, events));
  }

  async #send(request: AppendRequest, leaves = false) {
    const answer = await this.#appender.send(request, { leaves });
    if (answer.outcome === 'ok') {
      this.#know(request.streamId, answer.version);
      if (request.ids !== undefined) this.#stored.push(request);
    }
    if (answer.outcome === 'conflict') this.#know(request.streamId, answer.currentVersion);
    return answer;
  }

  async #readStream(): Promise<void> {
    const { random } = this.#parts;
    const streamId = this.#aStream();
    const known = this.#known.get(streamId) ?? 0;
    const limit = 1 + random.below(30);
    const from = 1 + random.below(known + 2);
    const form = random.below(4);
    if (form === 0) return this.#know(streamId, await this.#reader.streamHead(streamId));
    if (form === 1) return this.#know(streamId, await this.#reader.streamPage(streamId, { from, limit }));
    if (form === 2) return this.#know(streamId, await this.#reader.streamPageBackward(streamId, limit));
    return this.#reader.streamLines(streamId, Math.max(1, known - random.below(30)));
  }

  /** Most of the time it goes on from where it came. */
  async #readFeed(): Promise<void> {
    const { random } = this.#parts;
    const after = random.isTrue(0.8) ? this.#cursor : random.below(this.#cursor + 1);
    const limit = 1 + random.below(100);
    if (random.isTrue(0.2)) {
      this.#cursor = await this.#reader.feedLines(Math.max(0, this.#cursor - random.below(20)));
    } else {
      const filter = random.isTrue(0.3) ? { filter: aFilter(random) } : {};
      this.#cursor = Math.max(this.#cursor, await this.#reader.feedPage({ after, limit, ...filter }));
    }
  }

  #newEvents(hasIds: boolean) {
    const { random, client } = this.#parts;
    const count = random.isTrue(0.7) ? 1 : 2 + random.below(5);
    return makeEvents(random, { name: `${client} ${++this.#events}`, hasIds, count });
  }

  #aStream(): string {
    const { random, sharedStreams } = this.#parts;
    return random.isTrue(0.3)
      ? this.#ownStream
      : (sharedStreams[random.below(sharedStreams.length)] ?? this.#ownStream);
  }

  /** A version that is certainly past, or certainly not next. */
  #far(): number {
    const { random } = this.#parts;
    return random.isTrue(0.5) ? 1 : 1_000_000 + random.below(1_000);
  }

  #know(streamId: string, version: number | undefined): void {
    this.#known.set(streamId, Math.max(version ?? 0, this.#known.get(streamId) ?? 0));
  }
}

/** A filter that some events pass. */
export function aFilter(random: SeededRandom): FeedFilter {
  const types = eventTypes.slice(0, 1 + random.below(2));
  return random.isTrue(0.5) ? { types } : { streamPrefix: 'own/' };
}
