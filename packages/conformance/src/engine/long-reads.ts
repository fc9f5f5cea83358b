/** Reads longer than a batch: in several batches, each bounded, whatever happens meanwhile. */
import assert from 'node:assert/strict';
import { parseStreamId } from '@event-store/core';
import { proposed, proposedSeries, store } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { eventsOf, feedBatches, feedPositions, readStream, streamBatches } from './reading.ts';

/** A few of these fill a batch. */
const data = btoa('x'.repeat(200 * 1024));

export function testLongReads(suite: EngineSuite): void {
  testBatches(suite);
  testMeanwhile(suite);
}

function testBatches({ itWithEngine }: EngineSuite): void {
  itWithEngine('of a stream come in several batches, in order, either way', async ({ engine }) => {
    for (let index = 0; index < 3; index++) {
      await store(engine, { streamId: 'a', events: [proposed({ data }), ...proposedSeries(50), proposed({ data })] });
      await store(engine, { streamId: 'b', events: [proposed({ data })] });
    }
    for (const direction of ['forward', 'backward'] as const) {
      const from = direction === 'forward' ? 1 : 156;
      const batches = await streamBatches(engine, { streamId: 'a', from, direction });
      assert.ok(batches.length > 1, `${batches.length} batches`);
      const versions = eventsOf(batches).map(({ version }) => version);
      const expected = Array.from({ length: 156 }, (_, index) => index + 1);
      assert.deepEqual(versions, direction === 'forward' ? expected : expected.reverse());
    }
  });

  itWithEngine('of the feed come in several batches, in order', async ({ engine }) => {
    for (let index = 0; index < 4; index++) {
      await store(engine, { streamId: `s-${index}`, events: [proposed({ data }), ...proposedSeries(30)] });
      await store(engine, { streamId: 'other', events: [proposed({ data })] });
    }
    const batches = await feedBatches(engine);
    assert.ok(batches.length > 1, `${batches.length} batches`);
    assert.deepEqual(
      eventsOf(batches).map(({ position }) => position),
      Array.from({ length: 128 }, (_, index) => index + 1),
    );
    for (const batch of batches) assert.equal(batch.through, batch.events.at(-1)?.position);
  });

  itWithEngine('that exceed a batch only by their last event come in several', async ({ engine }) => {
    const count = 1 + Math.floor(engine.capabilities.limits.batchBytesMax / data.length);
    for (let index = 0; index < count; index++) await store(engine, { streamId: 'a', events: [proposed({ data })] });
    const reads = [
      await streamBatches(engine, { streamId: 'a' }),
      await streamBatches(engine, { streamId: 'a', from: count, direction: 'backward' }),
      await feedBatches(engine),
    ];
    for (const batches of reads) {
      assert.ok(batches.length > 1, `${batches.length} batches`);
      assert.equal(eventsOf(batches).length, count);
    }
  });

  itWithEngine('in which nothing passes still say how far they came', async ({ engine }) => {
    for (let index = 0; index < 12; index++) await store(engine, { streamId: 'a', events: [proposed({ data })] });
    const batches = await feedBatches(engine, { filter: { types: new Set(['Nothing']) } });
    assert.deepEqual(eventsOf(batches), []);
    assert.ok(batches.length > 1, 'it reports on the way, so that a reader can stop');
    assert.equal(batches.at(-1)?.through, 12);
  });
}

function testMeanwhile({ itWithEngine }: EngineSuite): void {
  itWithEngine('given up half-way do no harm', async ({ engine }) => {
    for (let index = 0; index < 8; index++) await store(engine, { streamId: 'a', events: [proposed({ data })] });
    let batches = 0;
    for await (const _ of engine.readStream({ streamId: parseStreamId('a'), from: 1, direction: 'forward' })) {
      batches++;
      break;
    }
    assert.equal(batches, 1);
    await store(engine, { streamId: 'a', expectedVersion: 9 });
    assert.equal((await readStream(engine, { streamId: 'a' })).length, 9);
  });

  itWithEngine('under way while others append end at a true end', async ({ engine }) => {
    for (let index = 0; index < 8; index++) await store(engine, { streamId: 'a', events: [proposed({ data })] });
    let through = 0;
    let caughtUp = false;
    for await (const batch of engine.readFeed({ after: 0 })) {
      assert.equal(caughtUp, false);
      assert.equal(batch.through, through + batch.count);
      ({ through, caughtUp } = batch);
      if (through < 8) await store(engine, { streamId: 'b' });
    }
    assert.equal(caughtUp, true);
    assert.ok(through >= 8);
    const version = await engine.streamVersion(parseStreamId('b'));
    assert.deepEqual(
      await feedPositions(engine, { after: through }),
      Array.from({ length: 8 + version - through }, (_, index) => through + index + 1),
    );
  });
}
