/**
 * A client that knows nothing but the original services' documentation: append to a stream,
 * append at a version, and page along `nextOffset` until a page is empty.
 */
import assert from 'node:assert/strict';
import type { HttpSuite } from './http-suite.ts';
import { base64, numbersTo } from './sample-events.ts';
import { uniqueName } from './unique-name.ts';

interface OriginalEvent {
  readonly version: number;
  readonly type: string;
  readonly data: string;
}

interface OriginalPage {
  readonly pagination: { readonly nextOffset: number };
  readonly payload: readonly OriginalEvent[];
}

export function testClientOf2017({ describe, it, client }: HttpSuite): void {
  const append = async (path: string, amount: number): Promise<number> => {
    const event = { type: 'AmountDeposited', data: base64(JSON.stringify({ amount })) };
    return (await client.post(path, event, { 'content-type': 'application/json' })).status;
  };
  const readAll = async (streamId: string, limit: number): Promise<OriginalEvent[]> => {
    const events: OriginalEvent[] = [];
    let offset = 1;
    for (;;) {
      const { status, text } = await client.get(`/${streamId}?offset=${offset}&limit=${limit}`);
      assert.equal(status, 200);
      const page: OriginalPage = JSON.parse(text);
      if (page.payload.length === 0) return events;
      events.push(...page.payload);
      assert.ok(page.pagination.nextOffset > offset, 'the next page is further on');
      offset = page.pagination.nextOffset;
    }
  };

  describe('a client of 2017', () => {
    it('appends without a version and reads everything back', async () => {
      const streamId = uniqueName('my-account');
      for (const amount of numbersTo(7)) assert.equal(await append(`/${streamId}`, amount), 200);
      for (const limit of [1, 3, 7, 100]) {
        const events = await readAll(streamId, limit);
        assert.deepEqual(
          events.map(({ version, type, data }) => [version, type, JSON.parse(atob(data)).amount]),
          numbersTo(7).map((amount) => [amount, 'AmountDeposited', amount]),
        );
      }
    });

    it('appends at versions, and is told of a conflict', async () => {
      const streamId = uniqueName('my-account');
      assert.equal(await append(`/${streamId}/1`, 100), 200);
      assert.equal(await append(`/${streamId}/2`, 200), 200);
      assert.equal(await append(`/${streamId}/2`, 300), 409);
      assert.equal(await append(`/${streamId}/4`, 400), 409);
      const events = await readAll(streamId, 100);
      assert.deepEqual(
        events.map(({ data }) => JSON.parse(atob(data)).amount),
        [100, 200],
      );
    });

    it('reads a stream that nobody wrote to as empty', async () => {
      assert.deepEqual(await readAll(uniqueName('my-account'), 100), []);
    });

    it('polls at the end and sees what comes', async () => {
      const streamId = uniqueName('my-account');
      await append(`/${streamId}`, 1);
      const { pagination }: OriginalPage = JSON.parse((await client.get(`/${streamId}`)).text);
      const url = `/${streamId}?offset=${pagination.nextOffset}&limit=10`;
      assert.deepEqual(JSON.parse((await client.get(url)).text), { pagination, payload: [] });
      await append(`/${streamId}`, 2);
      const page: OriginalPage = JSON.parse((await client.get(url)).text);
      assert.deepEqual(
        page.payload.map(({ version }) => version),
        [2],
      );
    });
  });
}
