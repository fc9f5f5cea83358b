/** `ETag`, `If-None-Match` and `HEAD`: the cheap ways to ask whether a stream has grown (RFC 9110 section 13). */
import assert from 'node:assert/strict';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvents } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testEntityTags({ describe, it, client }: HttpSuite): void {
  describe('entity tags', () => {
    it('are the version of the stream, on every page of it', async () => {
      const path = streamPath(uniqueName('tag'));
      await client.post(path, sampleEvents(5));
      for (const query of [{}, { limit: 2 }, { offset: 3 }, { offset: 9 }, { direction: 'backward' }]) {
        assert.equal((await client.get(path, query)).headers.etag, 'W/"5"', JSON.stringify(query));
      }
    });

    it('are 0 for a missing stream', async () => {
      assert.equal((await client.get(streamPath(uniqueName('tag')))).headers.etag, 'W/"0"');
    });

    it('answer HEAD with the version and nothing else', async () => {
      const path = streamPath(uniqueName('tag'));
      const missing = await client.send({ method: 'HEAD', path });
      assert.deepEqual([missing.status, missing.headers.etag, missing.text], [200, 'W/"0"', '']);
      await client.post(path, sampleEvents(3));
      const { status, headers, text } = await client.send({ method: 'HEAD', path });
      assert.deepEqual([status, headers.etag, text], [200, 'W/"3"', '']);
    });

    for (const [name, tag] of Object.entries({
      'the tag': 'W/"3"',
      'the strong form of the tag': '"3"',
      'the tag in a list': 'W/"1", W/"3"',
      'the tag in a list without spaces': '"x",W/"3","y"',
    })) {
      it(`spare the body when If-None-Match has ${name}`, async () => {
        const path = streamPath(uniqueName('tag'));
        await client.post(path, sampleEvents(3));
        const { status, headers, text } = await client.get(path, {}, { 'if-none-match': tag });
        assert.deepEqual([status, headers.etag, text], [304, 'W/"3"', '']);
      });
    }

    for (const tag of ['W/"2"', '"33"', 'W/"13"', '3', 'nonsense']) {
      it(`change nothing when If-None-Match is ${tag}`, async () => {
        const path = streamPath(uniqueName('tag'));
        await client.post(path, sampleEvents(3));
        const { status, text } = await client.get(path, {}, { 'if-none-match': tag });
        assert.equal(status, 200);
        assert.equal(JSON.parse(text).payload.length, 3);
      });
    }

    it('change with the next append', async () => {
      const path = streamPath(uniqueName('tag'));
      const empty = await client.get(path);
      const unchanged = await client.get(path, {}, { 'if-none-match': empty.headers.etag });
      assert.equal(unchanged.status, 304);
      await client.post(path, sampleEvents(1));
      const changed = await client.get(path, {}, { 'if-none-match': empty.headers.etag });
      assert.deepEqual([changed.status, changed.headers.etag], [200, 'W/"1"']);
    });

    it('of a stream answer HEAD with If-None-Match too', async () => {
      const path = streamPath(uniqueName('tag'));
      await client.post(path, sampleEvents(2));
      const { status } = await client.send({ method: 'HEAD', path, headers: { 'if-none-match': 'W/"2"' } });
      assert.equal(status, 304);
    });
  });
}
