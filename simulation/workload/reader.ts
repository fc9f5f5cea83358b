/** Reads in every form and writes down what it saw; a read that breaks off is not written down. */
import type { Agent } from 'node:http';
import type { FeedFilter, SeenEvent } from '../checker/history.ts';
import { type Answer, exchange, NoAnswer, pathOf, type Question } from './exchange.ts';
import type { Recorder } from './recorder.ts';
import type { StoreLocation } from './store-location.ts';

const lines = 'application/x-ndjson';

export interface ReaderParts {
  readonly client: string;
  readonly agent: Agent;
  readonly location: StoreLocation;
  readonly recorder: Recorder;
}

export class Reader {
  readonly #parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** The version that it was told; none if there was no answer. */
  async streamHead(streamId: string): Promise<number | undefined> {
    const asked = await this.#ask({ method: 'HEAD', path: pathOf(streamId) });
    if (asked === undefined) return undefined;
    const head = versionIn(asked.answer);
    const read = { streamId, head, saw: [], isForward: false, isToEnd: false } as const;
    this.#parts.recorder.add({ kind: 'stream-read', ...asked.call, ...read });
    return head;
  }

  async streamPage(streamId: string, { from, limit }: { from: number; limit: number }): Promise<number | undefined> {
    return this.#streamPage(streamId, {
      path: `${pathOf(streamId)}?offset=${from}&limit=${limit}`,
      from,
      isForward: true,
    });
  }

  async streamPageBackward(streamId: string, limit: number): Promise<number | undefined> {
    return this.#streamPage(streamId, {
      path: `${pathOf(streamId)}?direction=backward&limit=${limit}`,
      isForward: false,
    });
  }

  async #streamPage(streamId: string, page: { path: string; from?: number; isForward: boolean }) {
    const { path, from, isForward } = page;
    const asked = await this.#ask({ path });
    if (asked === undefined) return undefined;
    const head = versionIn(asked.answer);
    const saw = seePage(asked.answer, this.#parts.recorder);
    const read = { streamId, head, saw, ...(from !== undefined && { from }), isForward, isToEnd: false };
    this.#parts.recorder.add({ kind: 'stream-read', ...asked.call, ...read });
    return head;
  }

  async streamLines(streamId: string, from: number): Promise<void> {
    const asked = await this.#ask({ path: `${pathOf(streamId)}?offset=${from}`, accept: lines });
    if (asked === undefined) return;
    const saw = this.#parts.recorder.seeLines(asked.answer.text);
    const read = { streamId, head: versionIn(asked.answer), saw, from, isForward: true, isToEnd: true };
    this.#parts.recorder.add({ kind: 'stream-read', ...asked.call, ...read });
  }

  async oneEvent(streamId: string, version: number): Promise<void> {
    const asked = await this.#ask({ path: pathOf(streamId, version) });
    if (asked === undefined) return;
    const saw = asked.answer.status === 200 ? [this.#parts.recorder.seeLine(asked.answer.text)] : [];
    const read = { streamId, saw, from: version, isForward: true, isToEnd: false };
    this.#parts.recorder.add({ kind: 'stream-read', ...asked.call, ...read });
  }

  /** The cursor behind the page. */
  async feedPage({ after, limit, filter }: { after: number; limit: number; filter?: FeedFilter }): Promise<number> {
    const asked = await this.#ask({ path: `/-/events?after=${after}&limit=${limit}${filterQuery(filter)}` });
    if (asked === undefined) return after;
    const saw = seePage(asked.answer, this.#parts.recorder);
    const { nextAfter: through, caughtUp: isAtEnd } = JSON.parse(asked.answer.text).pagination;
    const read = { after, ...(filter && { filter }), saw, through, isAtEnd };
    this.#parts.recorder.add({ kind: 'feed-read', ...asked.call, ...read });
    return through;
  }

  async feedLines(after: number): Promise<number> {
    const asked = await this.#ask({ path: `/-/events?after=${after}`, accept: lines });
    if (asked === undefined) return after;
    const saw = this.#parts.recorder.seeLines(asked.answer.text);
    const through = saw.at(-1)?.position ?? after;
    this.#parts.recorder.add({ kind: 'feed-read', ...asked.call, after, saw, through, isAtEnd: true });
    return through;
  }

  async #ask(question: Question): Promise<{ answer: Answer; call: CallTimes } | undefined> {
    const { client, agent, location, recorder } = this.#parts;
    const url = await location.whenUp();
    const invokedMs = recorder.nowMs();
    try {
      const answer = await exchange(url, agent, question);
      // A feed that has become shorter than its reader knows shows in the end, by what is missing.
      if (answer.status >= 500 || isCursorAhead(answer)) return undefined;
      if (answer.status !== 200 && answer.status !== 404) {
        throw new Error(`${question.path} was answered with ${answer.status}: ${answer.text}`);
      }
      return { answer, call: { client, invokedMs, returnedMs: recorder.nowMs() } };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.wasRefused && location.url === url) location.down();
      return undefined;
    }
  }
}

interface CallTimes {
  readonly client: string;
  readonly invokedMs: number;
  readonly returnedMs: number;
}

export function filterQuery({ types = [], streamPrefix }: FeedFilter = {}): string {
  const prefix = streamPrefix === undefined ? '' : `&streamPrefix=${encodeURIComponent(streamPrefix)}`;
  return types.map((type) => `&type=${encodeURIComponent(type)}`).join('') + prefix;
}

function isCursorAhead({ status, text }: Answer): boolean {
  return status === 400 && JSON.parse(text).code === 'cursor-ahead';
}

function versionIn({ headers }: Answer): number {
  return Number(/^W\/"(\d+)"$/.exec(headers.etag ?? '')?.[1]);
}

function seePage({ text }: Answer, recorder: Recorder): readonly SeenEvent[] {
  return JSON.parse(text).payload.map((event: Parameters<Recorder['see']>[0]) => recorder.see(event));
}
