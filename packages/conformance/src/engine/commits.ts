/**
 * Commit notifications: after each commit, once its events are visible, in order, until unsubscribed.
 * A read of the feed ends behind what was appended before, so by then listeners have been told.
 */
import assert from 'node:assert/strict';
import { append, proposedSeries, proposedWithIds, store } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { readFeed } from './reading.ts';

export function testCommits({ itWithEngine }: EngineSuite): void {
  itWithEngine('tell the position of the last visible event', async ({ engine }) => {
    const told: number[] = [];
    engine.onCommit((position) => told.push(position));
    await store(engine, { streamId: 'a', events: proposedSeries(3) });
    await readFeed(engine);
    assert.equal(told.at(-1), 3);
    await store(engine, { streamId: 'b' });
    await readFeed(engine);
    assert.equal(told.at(-1), 4);
  });

  itWithEngine('come when the events are visible, and positions increase', async ({ engine }) => {
    const told: number[] = [];
    const reads: Promise<number>[] = [];
    engine.onCommit((position) => {
      told.push(position);
      reads.push(readFeed(engine).then(({ length }) => length));
    });
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => append(engine, { streamId: `s-${index}`, events: proposedSeries(2) })),
    );
    await readFeed(engine);
    assert.equal(told.at(-1), 100);
    for (const [index, position] of told.entries()) {
      assert.ok(position > (told[index - 1] ?? 0), 'positions increase');
      assert.ok(((await reads[index]) ?? 0) >= position, 'the events are visible');
    }
  });

  itWithEngine('do not come for what stores nothing', async ({ engine }) => {
    await store(engine, { streamId: 'a', events: proposedWithIds('one') });
    await readFeed(engine);
    const told: number[] = [];
    engine.onCommit((position) => told.push(position));
    for (const expectedVersion of [undefined, 1, 3]) {
      await append(engine, { streamId: 'a', expectedVersion, events: proposedWithIds('one') });
    }
    await readFeed(engine);
    assert.deepEqual(told, []);
  });

  itWithEngine('reach every listener until it unsubscribes', async ({ engine }) => {
    const told: string[] = [];
    const unsubscribeFirst = engine.onCommit((position) => told.push(`first ${position}`));
    const unsubscribeSecond = engine.onCommit((position) => told.push(`second ${position}`));
    for (const unsubscribe of [unsubscribeFirst, unsubscribeFirst, unsubscribeSecond]) {
      await store(engine, { streamId: 'a' });
      await readFeed(engine);
      unsubscribe();
    }
    await store(engine, { streamId: 'a' });
    await readFeed(engine);
    assert.deepEqual(told.sort(), ['first 1', 'second 1', 'second 2', 'second 3']);
  });
}
