/** Pages are made of batches: bounded in bytes, bounded in what a filter looks at, never parsed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Batch, limits } from '@event-store/core';
import fc from 'fast-check';
import { readPage } from '../src/http/page.ts';
import { ask, engineWith, testServer } from './running-server.ts';

async function* batchesOf(groups: readonly (readonly unknown[])[]): AsyncGenerator<Batch> {
  const shared = Buffer.alloc(64 * 1024);
  let through = 0;
  for (const group of groups) {
    const length = shared.write(group.map((each) => `${JSON.stringify(each)}\n`).join(''));
    through += group.length;
    yield { lines: shared.subarray(0, length), count: group.length, through };
    shared.fill(0);
  }
}

test('a page has the lines of all batches as elements, whatever is in them', async () => {
  const value = fc.jsonValue({ maxDepth: 2 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(value, { maxLength: 4 }), { maxLength: 4 }), async (groups) => {
      const { elements, last } = await readPage(batchesOf(groups));
      assert.deepEqual(JSON.parse(`[${elements}]`), JSON.parse(JSON.stringify(groups.flat())));
      assert.equal(last?.through, groups.length === 0 ? undefined : groups.flat().length);
    }),
  );
});

test('others have their turn while a page is looked for', async () => {
  let turns = 0;
  const count = () => {
    turns++;
    turn = setImmediate(count);
  };
  let turn = setImmediate(count);
  async function* nothing(): AsyncGenerator<Batch> {
    for (let through = 1; through <= 10; through++) yield { lines: new Uint8Array(), count: 0, through };
  }
  const { last } = await readPage(nothing());
  clearImmediate(turn);
  assert.equal(last?.through, 10);
  assert.ok(turns >= 9, `${turns} turns`);
});

test('a page ends before the batch that would make it too large', async () => {
  const line = Buffer.alloc(limits.batchBytesMax, 'x');
  let asked = 0;
  async function* many(): AsyncGenerator<Batch> {
    for (let through = 1; through <= 10; through++) {
      asked = through;
      yield { lines: line, count: 1, through };
    }
  }
  const { elements, last } = await readPage(many());
  assert.ok(elements.length < limits.pageBytesMax);
  assert.deepEqual([last?.through, asked], [3, 4]);
});

test('a page with one batch that is too large has that one', async () => {
  const { elements, last } = await readPage(
    (async function* () {
      yield { lines: Buffer.alloc(limits.pageBytesMax * 2, 'x'), count: 1, through: 1 };
    })(),
  );
  assert.deepEqual([elements.length, last?.through], [limits.pageBytesMax * 2 - 1, 1]);
});

test('a filtered page ends after a bounded scan, and says how far it looked', async () => {
  const step = 40_000;
  async function* nothingPasses() {
    for (let through = 7 + step; ; through += step) {
      yield { lines: new Uint8Array(), count: 0, through, caughtUp: false };
    }
  }
  await using server = await testServer({}, engineWith({ readFeed: nothingPasses }));
  const { text } = await ask(`${server.url}/-/events?after=7&type=Rare`);
  assert.deepEqual(JSON.parse(text), { pagination: { nextAfter: 7 + 3 * step, caughtUp: false }, payload: [] });
});
