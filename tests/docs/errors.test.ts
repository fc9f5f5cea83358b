/** The page of errors has every code with its status, and the members that answers really have. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ErrorCode, errorTitles, limits } from '@event-store/core';
import { statusOf } from '../../packages/server/src/http/status-of.ts';
import { serveIn, startedStore } from '../support/store.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { codeIn, onlyCodeIn, readPage, tableRows } from './markdown.ts';

const page = readPage('docs/reference/errors.md');
const rows = tableRows(page, ['code', 'status', 'meaning', 'members', 'what to do']);

test('the page of errors and the catalogue agree on codes', () => {
  const documented = rows.map(({ code }) => onlyCodeIn(code));
  assert.deepEqual(documented.toSorted(), Object.keys(errorTitles).toSorted());
});

test('the page of errors and the server agree on statuses', () => {
  const documented = Object.fromEntries(rows.map(({ code, status }) => [onlyCodeIn(code), Number(status)]));
  assert.deepEqual(documented, { ...statusOf });
});

test('every code has a meaning', () => {
  assert.deepEqual(
    rows.filter(({ meaning }) => meaning === ''),
    [],
  );
});

const token = 'a-token';
const event = { type: 'Noted', data: '' };

interface Request {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A request for each code that a client alone can bring about and `fetch` can send. */
const requests: { readonly [code in ErrorCode]?: Request } = {
  'invalid-json': { body: '{' },
  'invalid-utf8': { body: new Uint8Array([0xff]) },
  'json-too-deep': { body: '['.repeat(limits.jsonDepthMax + 1) },
  'invalid-event': { body: [1] },
  'no-events': { body: [] },
  'unknown-field': { body: { ...event, position: 1 } },
  'invalid-event-type': { body: { ...event, type: '' } },
  'invalid-data': { body: { ...event, data: '***' } },
  'invalid-event-id': { body: { ...event, id: '' } },
  'duplicate-event-id': {
    body: [
      { ...event, id: 'a' },
      { ...event, id: 'a' },
    ],
  },
  'invalid-metadata': { body: { ...event, metadata: [] } },
  'event-too-large': { body: { ...event, data: 'AAAA'.repeat(limits.eventBytesMax / 3 + 1) } },
  'too-many-events': { body: Array.from({ length: limits.appendEventsMax + 1 }, () => event) },
  'append-too-large': { body: Array.from({ length: 12 }, () => ({ ...event, data: 'AAAA'.repeat(80_000) })) },
  'body-too-large': { body: ' '.repeat(limits.bodyBytesMax + 1) },
  'encoding-not-supported': { headers: { 'Content-Encoding': 'gzip' }, body: event },
  'invalid-consumer': { path: '/-/consumers/_', method: 'PUT', body: {} },
  'invalid-checkpoint': { path: '/-/consumers/known/checkpoint', body: {} },
  'consumer-not-found': { path: '/-/consumers/unknown' },
  'consumer-exists': { path: '/-/consumers/known', method: 'PUT', body: { start: 'beginning' } },
  'checkpoint-conflict': { path: '/-/consumers/known/checkpoint', body: { position: 0 } },
  'invalid-stream-id': { path: '/%00' },
  'reserved-stream-id': { path: '/-' },
  'invalid-version': { path: '/stream/0' },
  'invalid-parameter': { path: '/stream?limit=0' },
  'unknown-parameter': { path: '/stream?size=1' },
  'cursor-ahead': { path: '/-/events?after=99' },
  'no-route': { path: '/stream/' },
  'event-not-found': { path: '/stream/99' },
  'method-not-allowed': { path: '/-/events', method: 'DELETE' },
  'not-acceptable': { path: '/stream', headers: { Accept: 'text/html' } },
  'version-conflict': { path: '/stream/99', body: event },
  'event-id-reused': { path: '/known', body: { ...event, id: 'a', type: 'Other' } },
  unauthenticated: { path: '/stream', headers: { Authorization: 'Bearer another' } },
  'foreign-origin': { path: '/stream', headers: { Origin: 'https://example.com' } },
  'target-too-long': { path: `/${'a'.repeat(limits.targetBytesMax)}` },
  'headers-too-large': { path: '/stream', headers: { 'X-Long': 'a'.repeat(limits.headBytesMax) } },
};

test('answers have the members that the page names', async (context) => {
  const data = join(temporaryDirectory(context), 'data');
  const { url } = await startedStore(context, { args: serveIn(data), environment: { EVENT_STORE_TOKEN: token } });
  await send(url, { path: '/known', body: { ...event, id: 'a' } });
  await send(url, { path: '/-/consumers/known', method: 'PUT', body: { start: 'end' } });
  for (const [expected, request] of Object.entries(requests)) {
    const { type, title, status, detail, code, ...members } = (await send(url, request)) as Record<string, unknown>;
    assert.equal(code, expected, `${detail}`);
    const documented = rows.find((row) => onlyCodeIn(row.code) === code)?.members ?? '';
    const always = codeIn(documented.replaceAll(/\(.*?\)/g, ''));
    const sent = Object.keys(members);
    assert.deepEqual(
      sent.filter((name) => !codeIn(documented).includes(name)),
      [],
      `${code} has undocumented members`,
    );
    assert.deepEqual(
      always.filter((name) => !sent.includes(name)),
      [],
      `${code} lacks documented members`,
    );
  }
});

/** The JSON that a request is answered with. */
async function send(url: string, { path = '/stream', method, headers, body }: Request): Promise<unknown> {
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  const answer = await fetch(`${url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { Authorization: `Bearer ${token}`, ...headers },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  return answer.json();
}
