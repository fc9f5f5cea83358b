/** The bearer token (RFC 6750): required on everything but `/` and health, where one is configured. */
import assert from 'node:assert/strict';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvent } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testTokens({ describe, it, client, token }: HttpSuite): void {
  describe('token', () => {
    if (token === undefined) {
      it('is not asked for, and one that is sent is no matter', async () => {
        const path = streamPath(uniqueName('token'));
        assert.equal((await client.get(path)).status, 200);
        assert.equal((await client.get(path, {}, { authorization: 'Bearer whatever' })).status, 200);
      });
      return;
    }

    const wrong: Readonly<Record<string, string | undefined>> = {
      'no header': undefined,
      'another token': `Bearer ${token.slice(0, -1)}${token.endsWith('x') ? 'y' : 'x'}`,
      'a longer token': `Bearer ${token}x`,
      'a shorter token': `Bearer ${token.slice(0, -1)}`,
      'no token': 'Bearer ',
      'another scheme': `Basic ${Buffer.from(`:${token}`).toString('base64')}`,
      'no scheme': token,
      'the token twice': `Bearer ${token} ${token}`,
    };
    for (const [name, authorization] of Object.entries(wrong)) {
      it(`with ${name}, nothing is served`, async () => {
        const streamId = uniqueName('token');
        const headers = { authorization };
        const refused = [
          await client.post(streamPath(streamId), sampleEvent(), headers),
          await client.post(streamPath(streamId, 1), sampleEvent(), headers),
          await client.get(streamPath(streamId), {}, headers),
          await client.get(streamPath(streamId, 1), {}, headers),
          ...(await Promise.all(
            ['/-/events', '/-/streams', '/-/limits', '/-/metrics', '/-/openapi.json'].map((path) =>
              client.get(path, {}, headers),
            ),
          )),
        ];
        for (const answer of refused) {
          expectProblem(answer, 'unauthenticated');
          assert.match(String(answer.headers['www-authenticate']), /^Bearer\b/);
        }
        const head = await client.send({ method: 'HEAD', path: streamPath(streamId), headers });
        assert.deepEqual([head.status, head.headers.etag], [401, undefined]);
        assert.equal(await client.streamVersion(streamId), 0);
      });
    }

    it('is not asked for on / and health', async () => {
      for (const path of ['/', '/-/health/live', '/-/health/ready']) {
        assert.equal((await client.get(path, {}, { authorization: undefined })).status, 200, path);
      }
    });

    it('may follow its scheme in any case', async () => {
      const path = streamPath(uniqueName('token'));
      for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
        assert.equal((await client.get(path, {}, { authorization: `${scheme} ${token}` })).status, 200);
      }
    });
  });
}
