/**
 * One random client program, sent to the embedded store and to three instances over one table, a
 * random one for each request: every answer is the same, but for positions in answers to appends
 * and in streams, times, and the fields of an engine.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { openLogEngine } from '@event-store/engine-log';
import { startServer } from '@event-store/server';
import { createTable, startDynoxide } from '../packages/engine-dynamodb/test/emulator.ts';
import { Chance } from '../simulation/dynamodb/chance.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const requests = 200;
const streamIds = ['a', 'a%2Fb', 'aa', '%C3%A9', '__proto__'];

interface Request {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

test('a client cannot tell three instances over a table from the embedded store', async (context) => {
  const chance = new Chance(1);
  const embedded = await embeddedStore(context);
  const instances = await threeInstances(context);
  const program = new ClientProgram(chance);
  const statuses = new Set<number>();
  for (let count = 0; count < requests; count++) {
    const request = program.next();
    const [one, other] = await Promise.all([ask(embedded, request), ask(chance.one(instances), request)]);
    assert.deepEqual(other, one, `${count}: ${request.method} ${request.path} ${request.body?.slice(0, 200)}`);
    statuses.add(one.status);
    program.note(request, one);
    if (request.method !== 'POST') continue;
    // The later of two appends may come first in the feed of a table, unless somebody has read between them.
    const read: Request = { method: 'GET', path: '-/events?after=0&limit=1000', headers: {}, body: undefined };
    assert.deepEqual(await ask(chance.one(instances), read), await ask(embedded, read), `the feed after ${count}`);
  }
  assert.deepEqual([...statuses].sort(), [200, 304, 400, 404, 406, 409]);
});

/** Requests as clients send them, and as they should not. */
class ClientProgram {
  readonly #chance: Chance;
  readonly #appends: Request[] = [];
  readonly #versions = new Map<string, number>();
  #events = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  next(): Request {
    const chance = this.#chance;
    const what = chance.fraction();
    if (what < 0.4) return this.#append();
    if (what < 0.5 && this.#appends.length > 0) return chance.one(this.#appends);
    return { method: chance.happens(0.1) ? 'HEAD' : 'GET', ...this.#read(), body: undefined };
  }

  /** Learns how far streams are. */
  note({ path }: Request, { body }: Pick<Answer, 'body'>): void {
    const { version } = body as { version?: unknown };
    if (typeof version === 'number') this.#versions.set(path.split('/')[0] ?? '', version);
  }

  #append(): Request {
    const chance = this.#chance;
    const stream = chance.one(streamIds);
    const expected = (this.#versions.get(stream) ?? 0) + chance.one([1, 1, 1, 0, 2, 1]);
    const path = chance.happens(0.5) ? stream : `${stream}/${expected}`;
    const hasIds = chance.happens(0.6);
    const events = Array.from({ length: chance.one([1, 1, 1, 2, 5]) }, () => ({
      type: chance.one(['Opened', 'Moved', chance.happens(0.1) ? '' : 'Closed']),
      data: chance.one(['', 'QUJD', 'eyJhIjoxfQ==', chance.happens(0.1) ? '***' : 'QR==']),
      ...(hasIds && { id: `id-${this.#events++}` }),
      ...(chance.happens(0.3) && { metadata: { cause: chance.integer(1, 9), 'é\u2028': [null, true] } }),
    }));
    const body = JSON.stringify(events.length === 1 && chance.happens(0.5) ? events[0] : events);
    const request: Request = { method: 'POST', path, headers: {}, body };
    if (hasIds || path !== stream) this.#appends.push(request);
    return request;
  }

  #read(): Pick<Request, 'path' | 'headers'> {
    const chance = this.#chance;
    const stream = chance.one([...streamIds, 'nobody']);
    const version = this.#versions.get(stream) ?? 0;
    const place = chance.integer(-1, version + 2);
    const limit = chance.one(['', '&limit=1', '&limit=3', '&limit=0']);
    const direction = chance.one(['', '&direction=backward', '&direction=forward', '&direction=sideways']);
    const path = chance.one([
      `${stream}/${place}`,
      `${stream}?offset=${place}${limit}${direction}`,
      `${stream}?offset=${place}${limit}${direction}`,
      `${stream}`,
      `-/events?after=${chance.integer(-1, 12)}${limit}`,
      '-/events?after=999999',
      '-/events?after=0&type=Moved',
      '-/events?after=0&streamPrefix=a',
      '-/nothing',
    ]);
    const headers = chance.one<Readonly<Record<string, string>>>([
      {},
      {},
      {},
      { Accept: 'application/x-ndjson' },
      { Accept: 'image/png' },
      { 'If-None-Match': `W/"${version}"` },
    ]);
    return { path, headers };
  }
}

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string | null])[];
  readonly body: unknown;
}

const headerNames = ['content-type', 'etag', 'location', 'idempotent-replayed', 'cache-control', 'vary', 'allow'];

async function ask(url: string, { method, path, headers, body }: Request): Promise<Answer> {
  const request = { method, headers, redirect: 'manual' as const, ...(body !== undefined && { body }) };
  const answer = await fetch(`${url}/${path}`, request);
  const text = await answer.text();
  const inFeed = path.startsWith('-/events');
  const lines = text.split('\n').filter((line) => line !== '');
  return {
    status: answer.status,
    headers: headerNames.map((name) => [name, answer.headers.get(name)]),
    body:
      lines.length === 1
        ? comparable(JSON.parse(text), inFeed)
        : lines.map((line) => comparable(JSON.parse(line), inFeed)),
  };
}

/** Without what engines may answer differently; the texts of problems may name the engine's own limits. */
function comparable(value: unknown, inFeed: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => comparable(each, inFeed));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => inFeed || name !== 'position');
  const kept = members.filter(([name]) => !['time', 'commit', 'synced', 'crc32'].includes(name));
  return Object.fromEntries(kept.map(([name, each]) => [name, comparable(each, inFeed)]));
}

const options = { host: '127.0.0.1', port: 0, productVersion: 'test', logLevel: 'silent' } as const;

async function embeddedStore(context: TestContext): Promise<string> {
  const directory = join(temporaryDirectory(context), 'data');
  const server = await startServer(options, (observer) => openLogEngine({ directory, observer }));
  context.after(() => server.stop());
  return server.url;
}

async function threeInstances(context: TestContext): Promise<readonly string[]> {
  const emulator = await startDynoxide();
  context.after(() => emulator.stop());
  const address = await createTable(emulator);
  const start = () => startServer(options, (observer) => openDynamodbEngine({ ...address, observer }));
  const servers = await Promise.all([start(), start(), start()]);
  context.after(() => Promise.all(servers.map((server) => server.stop())));
  return servers.map(({ url }) => url);
}
