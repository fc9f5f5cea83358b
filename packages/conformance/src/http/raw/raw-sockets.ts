/**
 * Runs the raw cases: hostile bytes get their exact answer, never a second one, nothing that hides
 * in them runs, and the server goes on serving.
 */
import assert from 'node:assert/strict';
import { expectProblem } from '../expect-problem.ts';
import type { HttpSuite } from '../http-suite.ts';
import { sampleEvents } from '../sample-events.ts';
import { streamPath } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { chunkCases } from './chunk-cases.ts';
import { earlyRefusalCases } from './early-refusal-cases.ts';
import { foreignProtocolCases } from './foreign-protocol-cases.ts';
import { headCases } from './head-cases.ts';
import { lengthCases } from './length-cases.ts';
import { limitCases } from './limit-cases.ts';
import { nearPlainCases } from './near-plain-cases.ts';
import { testPipelines } from './pipelines.ts';
import { body, type RawCase, type RawTarget, rawAppend, rawRequest } from './raw-case.ts';
import { openSocket, rawExchange } from './raw-exchange.ts';
import { requestLineCases } from './request-line-cases.ts';
import { servedCases } from './served-cases.ts';
import { slowCases } from './slow-cases.ts';
import { testSpellings } from './spellings.ts';

const tables: Readonly<Record<string, readonly RawCase[]>> = {
  'message length': lengthCases,
  'chunked body': chunkCases,
  'request head': headCases,
  'almost a plain append': nearPlainCases,
  'request line': requestLineCases,
  'other protocol': foreignProtocolCases,
  'too large': limitCases,
  'allowed though odd': servedCases,
  'refused before its body': earlyRefusalCases,
};

/** The bytes are sent as they are, without a token, so a server that requires one is left out. */
export function testRawSockets(suite: HttpSuite): void {
  if (suite.token !== undefined) return;
  for (const [name, cases] of Object.entries(tables)) {
    suite.describe(`raw: ${name}`, () => {
      for (const rawCase of cases) suite.it(rawCase.name, () => runCase(suite, rawCase));
    });
  }
  suite.describe('raw: slow', () => testSlowRequests(suite));
  suite.describe('raw: client gone', () => testClientGone(suite));
  suite.describe('raw: pipeline', () => testPipelines(suite));
  suite.describe('raw: spelling', () => testSpellings(suite));
}

/** All at once, since each takes as long as the server's patience. */
function testSlowRequests(suite: HttpSuite): void {
  if (!suite.capabilities.shortTimeouts) return;
  suite.it('requests that never get to their end are answered 408 and closed', async () => {
    const findings = await Promise.all(
      slowCases.map(async (slowCase) => {
        const answer = { status: 408, code: 'request-timeout', connection: 'closes' } as const;
        const failed = (error: Error): string => `${slowCase.name}: ${error.message}`;
        return runCase(suite, { ...slowCase, ...answer }).then(() => [], failed);
      }),
    );
    assert.deepEqual(findings.flat(), []);
  });
}

async function runCase(
  { client, baseUrl }: HttpSuite,
  { bytes, drip, status, code, members, connection, answers: expected = 1 }: RawCase & { drip?: string },
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
  if (code !== undefined) expectProblem(first, code, members);
  assert.equal(answers.length, expected, 'never a second answer');
  if (connection !== 'either') assert.equal(closed, connection === 'closes', `closed: ${closed}`);
  assert.equal(await client.streamVersion(smuggledId), 0, 'the hidden request did not run');
  const stored = answers.filter((answer) => answer.status === 200 && 'location' in answer.headers).length;
  assert.equal(await client.streamVersion(streamId), stored, 'what is stored is what was answered');
}

function testClientGone({ it, client, baseUrl }: HttpSuite): void {
  const leaveWithin = async (request: (target: RawTarget) => string): Promise<number> => {
    const streamId = uniqueName('gone');
    const target = { host: new URL(baseUrl()).host, path: streamPath(streamId), smuggled: '' };
    await sendAndLeave(baseUrl(), request(target));
    return (await client.append(streamId, sampleEvents(1))).version;
  };
  const whole = (target: RawTarget): string =>
    rawAppend(target, ['Content-Length: {n}'], JSON.stringify(sampleEvents(10)));

  it('after the whole body: stored whole or not at all', async () => {
    const version = await leaveWithin(whole);
    assert.ok(version === 1 || version === 11, `${version}`);
  });

  it('after the whole body, by closing its half of the connection: whole or nothing, in the store and in the answer', async () => {
    const streamId = uniqueName('gone');
    const request = whole({ host: new URL(baseUrl()).host, path: streamPath(streamId), smuggled: '' });
    const { answers } = await rawExchange({ baseUrl: baseUrl(), bytes: request, isLast: true });
    const version = await client.streamVersion(streamId);
    assert.ok(version === 10 || (version === 0 && answers.length === 0), `${version}`);
    for (const { status } of answers) assert.equal(status, 200);
  });

  it('before the end of the body: not stored', async () => {
    assert.equal(await leaveWithin((target) => whole(target).slice(0, -1)), 1);
  });

  it('in the middle of a chunked body: not stored, though it is valid JSON so far', async () => {
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;
    assert.equal(await leaveWithin((target) => rawAppend(target, ['Transfer-Encoding: chunked'], chunk)), 1);
  });
}

/** Sends and resets the connection at once, without reading. */
function sendAndLeave(baseUrl: string, bytes: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = openSocket(baseUrl);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => resolve());
  socket.write(bytes, 'latin1', () => socket.resetAndDestroy());
  return promise;
}
