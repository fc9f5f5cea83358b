/** Bodies hold only so much memory, each and all together, and give it back. Shows P-18. */
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { EventStoreError } from '@event-store/core';
import { Backlog } from '../src/http/backlog.ts';
import { Query } from '../src/http/query.ts';
import { readBody } from '../src/http/read-body.ts';
import { ClientGone } from '../src/http/refusals.ts';

function bodyOf(headers: IncomingMessage['headers'] = {}) {
  const body = new PassThrough();
  const request = Object.assign(body, { headers, httpVersion: '1.1' }) as unknown as IncomingMessage;
  const response = {} as ServerResponse;
  return { body, exchange: { request, response, target: '/a', query: Query.parse('/a', []) } };
}

const limitedTo = (bytesMax: number) => new Backlog({ bytesMax, stallMsMax: 1_000 });
const code = (expected: string) => (error: unknown) => error instanceof EventStoreError && error.code === expected;

test('a body is read whole, however it is cut', async () => {
  const backlog = limitedTo(1_000);
  const { body, exchange } = bodyOf();
  const reading = readBody(exchange, { bytesMax: 100, backlog });
  const bytes = Buffer.from('{"a":"é😀"}');
  for (const byte of bytes) body.write(Buffer.of(byte));
  body.end();
  assert.equal(await reading, bytes.toString());
});

test('a body past its limit is given up at once, and what it held is given back', async () => {
  const backlog = limitedTo(1_000);
  const { body, exchange } = bodyOf();
  const reading = readBody(exchange, { bytesMax: 10, backlog });
  body.write('12345678901');
  await assert.rejects(reading, code('body-too-large'));
  await assertAllGivenBack(backlog);
});

test('a body that says that it is too large is not read', async () => {
  const { body, exchange } = bodyOf({ 'content-length': '11' });
  await assert.rejects(readBody(exchange, { bytesMax: 10, backlog: limitedTo(0) }), code('body-too-large'));
  assert.equal(body.listenerCount('data'), 0);
});

test('all bodies together hold no more than the bound', async () => {
  const backlog = limitedTo(10);
  const [first, second] = [bodyOf(), bodyOf()];
  const readingFirst = readBody(first.exchange, { bytesMax: 10, backlog });
  const readingSecond = readBody(second.exchange, { bytesMax: 10, backlog });
  first.body.write('123456');
  second.body.write('123456');
  await assert.rejects(readingSecond, code('overloaded'));
  first.body.end('7890');
  assert.equal(await readingFirst, '1234567890');
  await assertAllGivenBack(backlog);
});

test('a client that goes away gives back what it held', async () => {
  const backlog = limitedTo(10);
  const { body, exchange } = bodyOf();
  const reading = readBody(exchange, { bytesMax: 10, backlog });
  body.write('123456');
  body.destroy(new Error('reset'));
  await assert.rejects(reading, ClientGone);
  await assertAllGivenBack(backlog);
});

/** A body as large as the bound passes exactly when nothing is held. */
async function assertAllGivenBack(backlog: Backlog): Promise<void> {
  const { body, exchange } = bodyOf();
  const reading = readBody(exchange, { bytesMax: 10_000, backlog });
  const room = 'x'.repeat(backlog.bytesMax);
  body.end(room);
  assert.equal(await reading, room);
}
