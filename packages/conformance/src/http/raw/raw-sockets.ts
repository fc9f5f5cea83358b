/**
 * Runs the raw cases: hostile bytes get their exact answer, never a second one, nothing that hides
 * in them runs, and the server goes on serving.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { expectProblem } from '../expect-problem.ts';
import type { HttpSuite } from '../http-suite.ts';
import { sampleEvents } from '../sample-events.ts';
import { streamPath } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { chunkCases } from './chunk-cases.ts';
import { foreignProtocolCases } from './foreign-protocol-cases.ts';
import { headCases } from './head-cases.ts';
import { lengthCases } from './length-cases.ts';
import { limitCases } from './limit-cases.ts';
import { body, type RawCase, rawRequest } from './raw-case.ts';
import { rawExchange } from './raw-exchange.ts';
import { requestLineCases } from './request-line-cases.ts';
import { servedCases } from './served-cases.ts';
import { slowCases } from './slow-cases.ts';

const tables: Readonly<Record<string, readonly RawCase[]>> = {
  'message length': lengthCases,
  'chunked body': chunkCases,
  'request head': headCases,
  'request line': requestLineCases,
  'other protocol': foreignProtocolCases,
  'too large': limitCases,
  'allowed though odd': servedCases,
};

/** The bytes are sent as they are, without a token, so a server that requires one is left out. */
export function testRawSockets(suite: HttpSuite): void {
  if (suite.token !== undefined) return;
  for (const [name, cases] of Object.entries(tables)) {
    suite.describe(`raw: ${name}`, () => {
      for (const rawCase of cases) suite.it(rawCase.name, () => runCase(suite, rawCase));
    });
  }
  suite.describe('raw: slow', () => {
    if (!suite.capabilities.shortTimeouts) return;
    for (const slowCase of slowCases) {
      suite.it(slowCase.name, () =>
        runCase(suite, { ...slowCase, status: 408, code: 'request-timeout', connection: 'closes' }),
      );
    }
  });
  suite.describe('raw: client gone', () => testClientGone(suite));
}

async function runCase(
  { client, baseUrl }: HttpSuite,
  { bytes, drip, status, code, connection, answers: expected = 1 }: RawCase & { drip?: string },
): Promise<void> {
  const [streamId, smuggledId] = [uniqueName('raw'), uniqueName('smuggled')];
  const { host } = new URL(baseUrl());
  const target = { host, path: streamPath(streamId), smuggled: '' };
  const headers = ['Content-Length: {n}'];
  const smuggled = rawRequest(target, { line: `POST ${streamPath(smuggledId)} HTTP/1.1`, headers, content: body });
  const probe = rawRequest(target, { line: 'GET / HTTP/1.1', headers: ['Connection: close'] });
  const { answers, closed } = await rawExchange({
    baseUrl: baseUrl(),
    bytes: bytes({ ...target, smuggled }),
    answers: expected,
    ...(drip === undefined ? {} : { drip }),
    ...(connection === 'closes' ? {} : { probe }),
  });
  const [first] = answers;
  assert.ok(first !== undefined, 'there is an answer');
  assert.ok([status].flat().includes(first.status), `${first.status} ${first.text}`);
  if (code !== undefined) expectProblem(first, code);
  assert.equal(answers.length, expected, 'never a second answer');
  if (connection !== 'either') assert.equal(closed, connection === 'closes', `closed: ${closed}`);
  assert.equal(await client.streamVersion(smuggledId), 0, 'the hidden request did not run');
  const stored = answers.filter((answer) => answer.status === 200 && 'location' in answer.headers).length;
  assert.equal(await client.streamVersion(streamId), stored, 'what is stored is what was answered');
}

function testClientGone({ it, client, baseUrl }: HttpSuite): void {
  it('after the whole body: stored whole or not at all', async () => {
    const streamId = uniqueName('gone');
    const content = JSON.stringify(sampleEvents(10));
    await sendAndLeave(baseUrl(), ({ host }) => appendOf({ host, streamId, content }));
    const { version } = await client.append(streamId, sampleEvents(1));
    assert.ok(version === 1 || version === 11, `${version}`);
  });

  it('before the end of the body: not stored', async () => {
    const streamId = uniqueName('gone');
    const content = JSON.stringify(sampleEvents(10));
    await sendAndLeave(baseUrl(), ({ host }) => appendOf({ host, streamId, content }).slice(0, -1));
    assert.equal((await client.append(streamId, sampleEvents(1))).version, 1);
  });

  it('in the middle of a chunked body: not stored, though it is valid JSON so far', async () => {
    const streamId = uniqueName('gone');
    const head = (host: string): string =>
      `POST ${streamPath(streamId)} HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    await sendAndLeave(baseUrl(), ({ host }) => `${head(host)}${body.length.toString(16)}\r\n${body}\r\n`);
    assert.equal((await client.append(streamId, sampleEvents(1))).version, 1);
  });
}

function appendOf({ host, streamId, content }: { host: string; streamId: string; content: string }): string {
  return `POST ${streamPath(streamId)} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${content.length}\r\n\r\n${content}`;
}

/** Sends and closes the connection at once, without reading. */
function sendAndLeave(baseUrl: string, bytes: (url: URL) => string): Promise<void> {
  const url = new URL(baseUrl);
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80) });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => resolve());
  socket.write(bytes(url), 'latin1', () => socket.resetAndDestroy());
  return promise;
}
