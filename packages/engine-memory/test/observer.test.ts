/** What the memory engine reports as it works. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ProposedEvent, parseStreamId } from '@event-store/core';
import { openMemoryEngine } from '@event-store/engine-memory';

const streamId = parseStreamId('a');
const event: ProposedEvent = { type: 'Happened', data: 'QUJD', id: undefined, metadata: undefined };

describe('the observer', () => {
  it('is told each commit, with the bytes of its lines, and no conflict', async () => {
    const groups: object[] = [];
    const engine = openMemoryEngine({ observer: { groupCommitted: (group) => groups.push(group) } });
    await engine.append({ streams: [{ streamId, expectedVersion: undefined, events: [event, event] }] });
    await engine.append({ streams: [{ streamId, expectedVersion: 7, events: [event] }] });
    let bytes = 0;
    for await (const { lines } of engine.readFeed({ after: 0 })) bytes += lines.byteLength;
    assert.deepEqual(groups, [{ appends: 1, events: 2, bytes, syncSeconds: 0 }]);
    assert.deepEqual(engine.statistics(), { events: 2, streams: 1 });
  });
});
