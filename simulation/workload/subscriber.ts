/** Follows the feed or a stream over any number of connections, and writes each of them down. */
import { type IncomingMessage, request } from 'node:http';
import { type Message, readMessages } from '../../packages/conformance/src/http/live/event-stream.ts';
import type { Connection, FeedFilter, SeenEvent } from '../checker/history.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { pathOf } from './exchange.ts';
import { filterQuery } from './reader.ts';
import type { Recorder } from './recorder.ts';
import type { StoreLocation } from './store-location.ts';

interface SubscriberParts {
  readonly client: string;
  readonly location: StoreLocation;
  readonly recorder: Recorder;
  readonly random: SeededRandom;
  /** The stream; the feed where there is none. */
  readonly streamId?: string;
  readonly filter?: FeedFilter;
}

export class Subscriber {
  readonly #parts: SubscriberParts;
  #through = 0;
  #isStopped = false;
  #changed = () => {};
  #cut = () => {};

  constructor(parts: SubscriberParts) {
    this.#parts = parts;
  }

  get streamId(): string | undefined {
    return this.#parts.streamId;
  }

  /** The last cursor that it was told. */
  get through(): number {
    return this.#through;
  }

  /** Connects again and again until it is stopped; rejects if it is sent what it cannot understand. */
  async run(): Promise<void> {
    const { location, random, recorder } = this.#parts;
    while (!this.#isStopped) {
      const url = await location.whenUp();
      if (this.#isStopped) return;
      const patience = random.isTrue(0.5) ? 1 + random.below(300) : Number.POSITIVE_INFINITY;
      const refusal = await this.#connect(url, patience);
      if (refusal !== undefined) await recorder.rest();
      if (refusal === 'nobody' && location.url === url) location.down();
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#cut();
  }

  /** Loses its connection, and everything that is still on its way. */
  cut(): void {
    this.#cut();
  }

  /** Fulfils at the next message. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }

  /** One connection; goes away after so many messages. Whether nobody listened, or somebody refused. */
  async #connect(url: string, patience: number): Promise<'nobody' | 'refused' | undefined> {
    const { client, recorder, streamId, filter } = this.#parts;
    const notes = new ConnectionNotes(recorder, this.#through);
    const invokedMs = recorder.nowMs();
    const query = filterQuery(filter).replace('&', '?');
    const path = streamId === undefined ? `/-/events${query}` : pathOf(streamId);
    const headers = { accept: 'text/event-stream', 'last-event-id': `${this.#through}` };
    const { promise: ended, resolve, reject } = Promise.withResolvers<NodeJS.ErrnoException | undefined>();
    const outgoing = request(url, { path, headers, agent: false }, (response) => {
      if (response.statusCode !== 200) outgoing.destroy(new Error('refused'));
      else void this.#follow(response, notes, patience).then(() => outgoing.destroy(new Error('left')), reject);
    });
    outgoing.on('error', resolve);
    outgoing.on('close', () => resolve(undefined));
    this.#cut = () => outgoing.destroy(new Error('stopped'));
    outgoing.end();
    const error = await ended;
    if (error?.code === 'ECONNREFUSED') return 'nobody';
    if (error?.message === 'refused') return 'refused';
    const what = { ...(streamId !== undefined && { streamId }), ...(filter !== undefined && { filter }) };
    const record = { kind: 'connection', client, ...what, invokedMs, returnedMs: recorder.nowMs() } as const;
    recorder.add({ ...record, ...notes.taken } satisfies Connection);
    this.#through = notes.through;
    return undefined;
  }

  /** Until the answer ends, however it does, or so many messages came. */
  async #follow(response: IncomingMessage, notes: ConnectionNotes, patience: number): Promise<void> {
    let rest = '';
    const { promise: over, resolve, reject } = Promise.withResolvers<void>();
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      try {
        rest = readMessages(rest + chunk, (message) => {
          if (notes.messages >= patience) return resolve();
          notes.take(message);
        });
      } catch (error) {
        reject(error);
      }
      this.#through = notes.through;
      this.#changed();
    });
    response.on('error', () => resolve());
    response.on('end', () => resolve());
    return over;
  }
}

/** What comes over one connection. */
class ConnectionNotes {
  readonly #recorder: Recorder;
  readonly #after: number;
  readonly #saw: SeenEvent[] = [];
  readonly #sawMs: number[] = [];
  readonly #ends: Connection['ends'][number][] = [];
  messages = 0;
  through: number;

  constructor(recorder: Recorder, after: number) {
    this.#recorder = recorder;
    this.#after = after;
    this.through = after;
  }

  get taken(): Pick<Connection, 'after' | 'saw' | 'sawMs' | 'ends' | 'through'> {
    return { after: this.#after, saw: this.#saw, sawMs: this.#sawMs, ends: this.#ends, through: this.through };
  }

  take(message: Message | undefined): void {
    if (message === undefined) return;
    const { event, id, data } = message;
    this.messages++;
    this.through = id;
    if (event === undefined) {
      this.#saw.push(this.#recorder.seeLine(data));
      this.#sawMs.push(this.#recorder.nowMs());
    } else if (event === 'caught-up') this.#ends.push({ cursor: id, atMs: this.#recorder.nowMs() });
  }
}
