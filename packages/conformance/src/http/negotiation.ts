/** The form of an answer follows `Accept` and its q-values (RFC 9110 section 12.5.1). */
import assert from 'node:assert/strict';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvent } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

const json = 'application/json';
const ndjson = 'application/x-ndjson';

const chosen: readonly (readonly [accept: string | undefined, form: string])[] = [
  [undefined, json],
  ['*/*', json],
  ['application/*', json],
  [json, json],
  ['Application/JSON', json],
  [ndjson, ndjson],
  ['APPLICATION/X-NDJSON', ndjson],
  [`${json}, ${ndjson};q=0.5`, json],
  [`${json};q=0.5, ${ndjson}`, ndjson],
  [`${ndjson};q=0.9,${json};q=0.8`, ndjson],
  [`${ndjson};q=0.001, image/png`, ndjson],
  [`${json};q=0, ${ndjson}`, ndjson],
  [`*/*;q=0.1, ${ndjson}`, ndjson],
  [`${ndjson}, */*;q=0.1`, ndjson],
  [`${ndjson};q=0, */*`, json],
  [`${json};charset=utf-8`, json],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', json],
  [`image/png , ${ndjson} ; q=1.0`, ndjson],
];

const refused = [
  'image/png',
  'text/html',
  `${json};q=0`,
  '*/*;q=0',
  `${json};q=0, ${ndjson};q=0.0`,
  'application/jsonp',
];

export function testNegotiation({ describe, it, client, capabilities }: HttpSuite): void {
  describe('negotiation', () => {
    const resources = capabilities.feed ? ['stream', '/-/events'] : ['stream'];
    for (const resource of resources) {
      const path = (): string => (resource === 'stream' ? streamPath(uniqueName('accept')) : resource);
      for (const [accept, form] of chosen) {
        it(`${resource}: ${accept ?? 'no Accept'} gets ${form}`, async () => {
          const { status, headers } = await client.get(path(), {}, { accept });
          assert.deepEqual([status, headers['content-type']?.split(';')[0]], [200, form]);
        });
      }
      for (const accept of refused) {
        it(`${resource}: ${accept} is not acceptable`, async () => {
          expectProblem(await client.get(path(), {}, { accept }), 'not-acceptable');
        });
      }
    }

    it('looks at all Accept headers together', async () => {
      const path = streamPath(uniqueName('accept'));
      const { headers } = await client.get(path, {}, { accept: [`${json};q=0.3`, ndjson] });
      assert.equal(headers['content-type']?.split(';')[0], ndjson);
    });

    it('does not change the form of a refusal', async () => {
      for (const accept of [ndjson, json, 'image/png']) {
        expectProblem(await client.get('/-', {}, { accept }), 'reserved-stream-id');
      }
    });

    it('is no matter for an append', async () => {
      const path = streamPath(uniqueName('accept'));
      for (const accept of ['*/*', json, ndjson]) {
        assert.equal((await client.post(path, sampleEvent(), { accept })).status, 200);
      }
    });
  });
}
