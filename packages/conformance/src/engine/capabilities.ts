/** What an engine says about itself is true. */
import assert from 'node:assert/strict';
import { limits, parseStreamId } from '@event-store/core';
import { append, proposed, refused } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { readFeed } from './reading.ts';

export function testCapabilities({ itWithEngine }: EngineSuite): void {
  itWithEngine('an append goes to as many streams as the engine says, not more', async ({ engine }) => {
    const count = engine.capabilities.streamsPerAppendMax + 1;
    const streams = Array.from({ length: count }, (_, index) => ({
      streamId: parseStreamId(`stream-${index}`),
      expectedVersion: undefined,
      events: [proposed()],
    }));
    await refused(() => engine.append({ streams }), 'not-supported');
    assert.equal((await readFeed(engine)).length, 0);
    assert.equal((await append(engine, { streamId: 'stream-0' })).outcome, 'appended');
  });

  itWithEngine('an open engine accepts appends, and has figures', async ({ engine }) => {
    assert.deepEqual(engine.health(), { state: 'ready' });
    for (const figure of Object.values(engine.statistics())) assert.ok(Number.isFinite(figure));
  });

  itWithEngine("limits may be lower than the product's, not higher", async ({ engine }) => {
    for (const [name, limit] of Object.entries(engine.capabilities.limits)) {
      assert.ok(limit > 0 && limit <= limits[name as keyof typeof limits], name);
    }
  });
}
