/** Sends appends and writes down what became of them; sends those with ids again until that is known. */
import { Agent } from 'node:http';
import type { AppendAnswer } from '../checker/history.ts';
import { type Answer, exchange, NoAnswer, pathOf } from './exchange.ts';
import { fingerprint, type ProposedFields, type Recorder } from './recorder.ts';
import type { StoreLocation } from './store-location.ts';

/** A request that can be sent again as it is. */
export interface AppendRequest {
  readonly request: number;
  readonly streamId: string;
  readonly expectedVersion?: number;
  readonly events: readonly ProposedFields[];
  readonly contents: readonly string[];
  readonly ids?: readonly string[];
}

interface SendOptions {
  /** Goes away without waiting for the answer, the first time. */
  readonly leaves?: boolean;
}

export class Appender {
  readonly client: string;
  readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #location: StoreLocation;
  readonly #recorder: Recorder;

  constructor(client: string, location: StoreLocation, recorder: Recorder) {
    this.client = client;
    this.#location = location;
    this.#recorder = recorder;
  }

  newRequest(streamId: string, events: readonly ProposedFields[], expectedVersion?: number): AppendRequest {
    const ids = events.flatMap(({ id }) => (id === undefined ? [] : [id]));
    return {
      request: this.#recorder.nextRequest(),
      streamId,
      events,
      contents: events.map(fingerprint),
      ...(expectedVersion !== undefined && { expectedVersion }),
      ...(ids.length > 0 && { ids }),
    };
  }

  /** Sends a request until its outcome is known; without ids, only once. */
  async send(request: AppendRequest, { leaves = false }: SendOptions = {}): Promise<AppendAnswer> {
    for (let isFirst = true; ; isFirst = false) {
      const answer = await this.#sendOnce(request, leaves && isFirst);
      if (answer === 'refused') continue;
      if (answer.outcome !== 'unknown' || request.ids === undefined) return answer;
    }
  }

  async #sendOnce(request: AppendRequest, leaves: boolean): Promise<AppendAnswer | 'refused'> {
    const { streamId, expectedVersion, events, ...recorded } = request;
    const path = pathOf(streamId, expectedVersion);
    const body = JSON.stringify(events.length === 1 ? events[0] : events);
    const url = await this.#location.whenUp();
    const invokedMs = this.#recorder.nowMs();
    let answer: AppendAnswer;
    try {
      answer = understand(await exchange(url, this.agent, { method: 'POST', path, body, leaves }));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.wasRefused) {
        if (this.#location.url === url) this.#location.down();
        return 'refused';
      }
      answer = { outcome: 'unknown', reason: error.message };
    }
    this.#recorder.add({
      kind: 'append',
      client: this.client,
      invokedMs,
      returnedMs: this.#recorder.nowMs(),
      streamId,
      ...(expectedVersion !== undefined && { expectedVersion }),
      ...recorded,
      answer,
    });
    return answer;
  }
}

/** Refusals that say that nothing was stored; every other answer from 500 on says nothing. */
const refusals = new Set(['overloaded', 'read-only', 'draining', 'disk-full']);

function understand({ status, headers, text }: Answer): AppendAnswer {
  const { code, currentVersion, firstVersion, version, position } = JSON.parse(text);
  if (status === 200) {
    const isReplay = headers['idempotent-replayed'] === 'true';
    return { outcome: 'ok', firstVersion, version, position, isReplay };
  }
  if (code === 'version-conflict') return { outcome: 'conflict', currentVersion };
  if (status < 500 || refusals.has(code)) return { outcome: 'rejected', code };
  return { outcome: 'unknown', reason: code };
}
