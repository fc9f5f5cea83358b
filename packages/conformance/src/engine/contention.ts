/** Many appends at once that exclude each other: one wins, and the others are told the truth. */
import assert from 'node:assert/strict';
import { append, placeOf, proposed, proposedWithIds, versionOf } from './appending.ts';
import { atOnce } from './at-once.ts';
import type { EngineSuite } from './engine-suite.ts';
import { readFeed, readStream } from './reading.ts';

export function testContention({ itWithEngine }: EngineSuite): void {
  itWithEngine('the same version 100 times: one wins', async ({ engine }) => {
    for (const expectedVersion of [1, 2]) {
      const results = await atOnce((client) =>
        append(engine, { streamId: 'a', expectedVersion, events: [proposed({ type: `Client-${client}` })] }),
      );
      const winners = results.flatMap(({ outcome }, client) => (outcome === 'appended' ? [client] : []));
      assert.equal(winners.length, 1);
      for (const result of results.filter(({ outcome }) => outcome !== 'appended')) {
        assert.deepEqual(result, { outcome: 'version-conflict', streamId: 'a', currentVersion: expectedVersion });
      }
      const [winner] = await readStream(engine, { streamId: 'a', from: expectedVersion });
      assert.equal(winner?.type, `Client-${winners[0]}`);
    }
    assert.equal((await readFeed(engine)).length, 2);
  });

  for (const expectedVersion of [undefined, 1]) {
    const name = expectedVersion === undefined ? 'without version' : 'with version';
    itWithEngine(`the same append 100 times, with ids, ${name}: stored once, all told the same`, async ({ engine }) => {
      const events = proposedWithIds('one', 'two', 'three');
      const results = await atOnce(() => append(engine, { streamId: 'a', expectedVersion, events }));
      assert.equal(results.filter(({ outcome }) => outcome === 'appended').length, 1);
      const places = results.map((result) => placeOf(result, result.outcome === 'appended' ? 'appended' : 'replayed'));
      for (const place of places) assert.deepEqual(place, places[0]);
      assert.equal((await readFeed(engine)).length, 3);
    });
  }

  itWithEngine('one id with 100 contents: one wins', async ({ engine }) => {
    const results = await atOnce((client) =>
      append(engine, { streamId: 'a', events: [proposed({ id: 'one', type: `Client-${client}` })] }),
    );
    assert.equal(results.filter(({ outcome }) => outcome === 'appended').length, 1);
    for (const result of results.filter(({ outcome }) => outcome !== 'appended')) {
      assert.deepEqual(result, { outcome: 'event-id-reused', streamId: 'a', eventId: 'one', index: 0 });
    }
    assert.equal(await versionOf(engine, 'a'), 1);
  });
}
