/** A store behind its HTTP API, as the part of an engine that clients use. */
import {
  type AppendRequest,
  type AppendResult,
  type Batch,
  type ErrorCode,
  EventStoreError,
  type FeedBatch,
  type ReadFeedRequest,
  type ReadStreamRequest,
  type StorageEngine,
} from '@event-store/core';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

export class HttpStore implements Pick<StorageEngine, 'append' | 'readStream' | 'readFeed'> {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async append({ streams }: AppendRequest): Promise<AppendResult> {
    const [append] = streams;
    if (append === undefined) throw new Error('An append names a stream');
    const { streamId, expectedVersion, events } = append;
    const path = `${encodeURIComponent(streamId)}${expectedVersion === undefined ? '' : `/${expectedVersion}`}`;
    const body = JSON.stringify(events.map(({ type, data, id }) => ({ type, data, id })));
    const { status, headers, bytes } = await this.#ask(path, { method: 'POST', body });
    const answer = JSON.parse(new TextDecoder().decode(bytes));
    if (status === 200) {
      const outcome = headers.has('idempotent-replayed') ? 'replayed' : 'appended';
      return { outcome, streams: [answer] };
    }
    if (status === 409) return { ...answer, outcome: answer.code, streamId };
    throw problem(answer.code);
  }

  async *readStream({ streamId, from }: ReadStreamRequest): AsyncGenerator<Batch> {
    yield* [await this.#lines(`${encodeURIComponent(streamId)}?offset=${from}`)];
  }

  async *readFeed({ after, limit }: ReadFeedRequest): AsyncGenerator<FeedBatch> {
    const batch = await this.#lines(`-/events?after=${after}${limit === undefined ? '' : `&limit=${limit}`}`);
    yield { ...batch, caughtUp: limit === undefined };
  }

  async #lines(path: string): Promise<Batch> {
    const { status, bytes } = await this.#ask(path, { headers: { Accept: 'application/x-ndjson' } });
    if (status !== 200) throw problem(JSON.parse(new TextDecoder().decode(bytes)).code);
    return { lines: bytes, count: 0, through: 0 };
  }

  /** An answer that does not come, or breaks off, says nothing about what was done. */
  async #ask(path: string, request: RequestInit): Promise<Answer> {
    try {
      const answer = await fetch(`${this.#url}/${path}`, { ...request, signal: AbortSignal.timeout(10_000) });
      return { status: answer.status, headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) };
    } catch (cause) {
      throw new EventStoreError('outcome-unknown', 'No answer', { cause });
    }
  }
}

function problem(code: ErrorCode): EventStoreError {
  return new EventStoreError(code, code);
}
