/** Bodies that are refused: each row of the table of bad inputs, with nothing stored. */
import assert from 'node:assert/strict';
import { type BodyCase, bodyCases } from './body-cases.ts';
import { eventCases } from './event-cases.ts';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvent } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testBodies({ describe, it, client }: HttpSuite): void {
  describe('bodies', () => {
    const refuse = ({ name, body, code, members }: BodyCase): void => {
      it(`${name} is ${code}`, async () => {
        const streamId = uniqueName('body');
        const answer = await client.send({ method: 'POST', path: streamPath(streamId), body });
        expectProblem(answer, code, members);
        assert.equal(await client.streamVersion(streamId), 0);
      });
    };
    for (const bodyCase of [...bodyCases, ...eventCases]) refuse(bodyCase);

    it('one bad event spoils the whole append', async () => {
      const streamId = uniqueName('body');
      const bad = sampleEvent({ data: '***' });
      const answer = await client.post(streamPath(streamId), [sampleEvent(), sampleEvent(), bad]);
      expectProblem(answer, 'invalid-data', { index: 2 });
      assert.equal(await client.streamVersion(streamId), 0);
    });

    it('of a duplicate key the last one counts', async () => {
      const streamId = uniqueName('body');
      await client.append(streamId, '{"type":"First","data":"AA==","type":"Last","data":""}');
      const { payload } = await client.streamPage(streamId);
      assert.deepEqual([payload[0]?.type, payload[0]?.data], ['Last', '']);
    });

    it('white space around the document is no matter', async () => {
      await client.append(uniqueName('body'), ' \t\r\n{"type":"T","data":""}\n ');
    });

    it('nesting of 64 is enough for metadata', async () => {
      const deepest = 64 - 2;
      const metadata = `{"a":${'['.repeat(deepest)}${']'.repeat(deepest)}}`;
      await client.append(uniqueName('body'), `{"type":"T","data":"","metadata":${metadata}}`);
    });

    for (const encoding of ['gzip', 'deflate', 'br', 'x-gzip', 'gzip, identity', 'nonsense']) {
      it(`Content-Encoding: ${encoding} is not supported`, async () => {
        const path = streamPath(uniqueName('body'));
        const answer = await client.post(path, sampleEvent(), { 'content-encoding': encoding });
        expectProblem(answer, 'encoding-not-supported');
      });
    }
  });
}
