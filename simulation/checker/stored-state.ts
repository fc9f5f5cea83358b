/** What is stored in the end, arranged by place and by who appended it. */
import type { AppendCall, History, SeenEvent, StoredRead } from './history.ts';

/** A request, however often it was sent, and where it is stored. */
export interface Request {
  readonly number: number;
  readonly calls: AppendCall[];
  /** Places of its events in the feed, in the order of the feed. */
  readonly stored: SeenEvent[];
}

export interface FeedEvent extends SeenEvent {
  readonly position: number;
}

export class StoredState {
  readonly feed: readonly FeedEvent[];
  readonly streams: ReadonlyMap<string, readonly SeenEvent[]>;
  readonly requests = new Map<number, Request>();
  readonly #requestOfContent = new Map<string, Request>();
  readonly #places = new Map<string, SeenEvent>();
  /** By position: the last position, and the last version, of the append that an event belongs to. */
  readonly #ends = new Map<number, FeedEvent>();

  constructor(history: History) {
    const healed = history.filter((each): each is StoredRead => each.kind === 'stored' && each.moment === 'healed');
    this.feed = (healed.find(({ streamId }) => streamId === undefined)?.events ?? []).map((event, index) => ({
      ...event,
      position: event.position ?? index + 1,
    }));
    this.streams = new Map(
      healed.flatMap(({ streamId, events }) => (streamId === undefined ? [] : [[streamId, events] as const])),
    );
    for (const each of history) if (each.kind === 'append') this.#addCall(each);
    for (const event of this.feed) this.#place(event);
    this.#findEnds();
  }

  /** The request that an event's content is from. */
  requestOf({ content }: SeenEvent): Request | undefined {
    return this.#requestOfContent.get(content);
  }

  /** What the feed has at this version of a stream. */
  at(streamId: string, version: number): FeedEvent | undefined {
    return this.#places.get(`${version} ${streamId}`) as FeedEvent | undefined;
  }

  /** The last event of the append that stored this event. */
  endOf({ position }: FeedEvent): FeedEvent {
    return this.#ends.get(position) as FeedEvent;
  }

  /** Whether an append ends with this version of a stream; no event is an end as well. */
  isEnd(streamId: string, version: number): boolean {
    if (version === 0) return true;
    const event = this.at(streamId, version);
    return event !== undefined && this.endOf(event) === event;
  }

  #addCall(call: AppendCall): void {
    const known = this.requests.get(call.request);
    if (known !== undefined) {
      known.calls.push(call);
      return;
    }
    const request: Request = { number: call.request, calls: [call], stored: [] };
    this.requests.set(call.request, request);
    for (const content of call.contents) this.#requestOfContent.set(content, request);
  }

  #place(event: FeedEvent): void {
    this.requestOf(event)?.stored.push(event);
    this.#places.set(`${event.version} ${event.streamId}`, event);
  }

  #findEnds(): void {
    let end: FeedEvent | undefined;
    for (const event of this.feed.toReversed()) {
      const request = this.requestOf(event);
      if (end === undefined || request === undefined || this.requestOf(end) !== request) end = event;
      this.#ends.set(event.position, end);
    }
  }
}
