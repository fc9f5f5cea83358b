/**
 * The suite's own client: requests go out exactly as they are written, and answers are kept as
 * they came, which `fetch` does not allow (it normalises paths and forbids `Host` and `Origin`).
 */
import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import type { AppendAnswer, FeedPage, Limits, RecordedEvent, StreamListPage, StreamPage } from '@event-store/core';

/** A request; the path is sent as it is. */
interface HttpRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A page of the contract, with its events. */
interface EventPage<Page extends StreamPage | FeedPage> {
  readonly pagination: Page['pagination'];
  readonly payload: readonly RecordedEvent[];
}

/** Query parameters; `undefined` is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** Talks to the server under test. Each request has its own connection. */
export class StoreClient {
  readonly #baseUrl: () => string;
  readonly #token: string | undefined;

  constructor({ baseUrl, token }: { baseUrl: () => string; token: string | undefined }) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  /** Sends one request. A header given as `undefined` is not sent. */
  async send({ method = 'GET', path, headers = {}, body }: HttpRequest): Promise<HttpAnswer> {
    const authorization = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = definedHeaders({ ...authorization, ...length, ...headers });
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    const outgoing = request(this.#baseUrl(), { method, path, headers: sent, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
    return promise;
  }

  /** Reads a path, with query parameters percent-encoded. */
  get(path: string, query: Query = {}, headers: OutgoingHttpHeaders = {}): Promise<HttpAnswer> {
    return this.send({ path: path + queryString(query), headers });
  }

  /** Posts a value as JSON, or text as it is. */
  post(path: string, body: unknown, headers: OutgoingHttpHeaders = {}): Promise<HttpAnswer> {
    return this.send({ method: 'POST', path, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  }

  /** Appends, and insists that it was stored. */
  async append(streamId: string, events: unknown, version?: number): Promise<AppendAnswer> {
    return expectJson<AppendAnswer>(await this.post(streamPath(streamId, version), events));
  }

  /** One page of a stream. */
  async streamPage(streamId: string, query: Query = {}): Promise<EventPage<StreamPage>> {
    return expectJson<EventPage<StreamPage>>(await this.get(streamPath(streamId), query));
  }

  /** The version of a stream's newest event; 0 when it has none. */
  async streamVersion(streamId: string): Promise<number> {
    const { payload } = await this.streamPage(streamId, { direction: 'backward', limit: 1 });
    return payload[0]?.version ?? 0;
  }

  /** One page of the feed. */
  async feedPage(query: Query = {}): Promise<EventPage<FeedPage>> {
    return expectJson<EventPage<FeedPage>>(await this.get('/-/events', query));
  }

  /** One page of the list of streams. */
  async streamListPage(query: Query = {}): Promise<StreamListPage> {
    return expectJson<StreamListPage>(await this.get('/-/streams', query));
  }

  /** What the running engine allows. */
  async limits(): Promise<Limits> {
    return expectJson<Limits>(await this.get('/-/limits'));
  }
}

/** The path of a stream, or of one of its versions. */
export function streamPath(streamId: string, version?: number | string): string {
  const path = `/${encodeURIComponent(streamId)}`;
  return version === undefined ? path : `${path}/${version}`;
}

/** Insists on 200 and JSON. */
export function expectJson<Answer>({ status, headers, text }: HttpAnswer): Answer {
  assert.equal(status, 200, text);
  assert.match(headers['content-type'] ?? '', /^application\/json(;|$)/);
  return JSON.parse(text) as Answer;
}

/** Insists on 200 and NDJSON, each line ended by a line feed; gives the parsed lines. */
export function expectLines<Line>({ status, headers, text }: HttpAnswer): Line[] {
  assert.equal(status, 200, text);
  assert.match(headers['content-type'] ?? '', /^application\/x-ndjson(;|$)/);
  if (text === '') return [];
  assert.ok(text.endsWith('\n'), 'the last line is ended too');
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** The query of a path, with everything percent-encoded. */
export function queryString(query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return '';
  return `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join('&')}`;
}

function definedHeaders(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}
