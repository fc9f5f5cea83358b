/** Where nobody knows whose a lost event was, no stream that it may have ended looks complete. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStreamId } from '@event-store/core';
import { parseLine, streamLines } from '../../../../simulation/engine-log/history.ts';
import { machineOn } from '../../../../simulation/engine-log/simulated-machine.ts';
import { smallSegmentBytes, smallStore, withFile } from '../../../../simulation/engine-log/small-store.ts';
import { durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';

test('the newest event of a stream is lost in the middle of the log', async () => {
  const store = await smallStore();
  const path = store.segments[1] as string;
  const lost = parseLine(store.lines[4] as string);
  const last = store.lines.map(parseLine).findLast(({ streamId }) => streamId === lost.streamId);
  assert.equal(lost.position, last?.position);
  const image = withFile(store.image, path, (content) => content.fill('x', 200, 220));
  const engine = await machineOn(durableDirectory(image), { segmentBytes: smallSegmentBytes }).open();
  assert.equal(engine.health().state, 'read-only');
  assert.equal(engine.statistics().damaged_places, 1);

  const corrupt = { code: 'event-corrupt' };
  for (const id of [lost.streamId, 'nobody-wrote-to-it']) {
    const streamId = parseStreamId(id);
    await assert.rejects(streamLines(engine, id), corrupt);
    const backward = engine.readStream({ streamId, from: Number.MAX_SAFE_INTEGER, direction: 'backward' });
    await assert.rejects(Array.fromAsync(backward), corrupt);
    await assert.rejects(engine.streamVersion(streamId), corrupt);
  }
  await assert.rejects(engine.listStreams({ prefix: '', after: '', limit: 10 }), corrupt);

  const a = store.lines.filter((line) => parseLine(line).streamId === 'a');
  assert.deepEqual(await streamLines(engine, 'a'), a, 'a stream that goes on behind the damage is whole');
  assert.equal(await engine.streamVersion(parseStreamId('a')), a.length);
  await engine.close();
});
