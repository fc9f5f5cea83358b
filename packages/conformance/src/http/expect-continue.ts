/** `Expect: 100-continue` (RFC 9110 section 10.1.1): the body is asked for, or refused before it is sent. */
import assert from 'node:assert/strict';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { limits } from '@event-store/core';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvent } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

/** How an append went whose client sends its body only once it is asked for it. */
interface PatientAppend {
  readonly status: number;
  readonly wasAskedForBody: boolean;
}

export function testExpectContinue({ describe, it, baseUrl, token }: HttpSuite): void {
  const body = JSON.stringify(sampleEvent());
  const append = (path: string, headers: OutgoingHttpHeaders = {}): Promise<PatientAppend> => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const { promise, resolve, reject } = Promise.withResolvers<PatientAppend>();
    const expectation = { expect: '100-continue', 'content-length': body.length, ...authorization, ...headers };
    const outgoing = request(baseUrl() + path, { method: 'POST', headers: expectation, agent: false });
    let wasAskedForBody = false;
    outgoing.on('continue', () => {
      wasAskedForBody = true;
      outgoing.end(body);
    });
    outgoing.on('response', ({ statusCode = 0 }) => {
      resolve({ status: statusCode, wasAskedForBody });
      outgoing.destroy();
    });
    outgoing.on('error', reject);
    outgoing.flushHeaders();
    return promise;
  };

  describe('Expect: 100-continue', () => {
    it('is answered by asking for the body', async () => {
      const outcome = await append(streamPath(uniqueName('expect')));
      assert.deepEqual(outcome, { status: 200, wasAskedForBody: true });
    });

    for (const [name, path, headers, status] of [
      ['a path that is no route', '/a/', {}, 404],
      ['a stream id that is refused', '/-', {}, 400],
      ['a version that is refused', '/a/0', {}, 400],
      ['a body that is too large', '/a', { 'content-length': limits.bodyBytesMax + 1 }, 413],
      ['an encoding that is not supported', '/a', { 'content-encoding': 'gzip' }, 415],
      ['a foreign origin', '/a', { origin: 'https://evil.example' }, 403],
    ] as const) {
      it(`does not ask for the body of ${name}`, async () => {
        assert.deepEqual(await append(path, headers), { status, wasAskedForBody: false });
      });
    }
  });
}
