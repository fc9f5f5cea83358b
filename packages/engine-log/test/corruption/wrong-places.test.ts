/** An index that names the line of another event: it has no checksum of its own, so the line itself must say whose it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import { machineOn } from '../../../../simulation/engine-log/simulated-machine.ts';
import { durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import { type MemoryIndex, openMemoryIndex } from '../../src/index/memory-index.ts';
import type { OpenIndexOptions } from '../../src/index/open-index.ts';

test('the line of a stream with a much shorter name', async () => {
  const names = { short: 's', long: 'l'.repeat(500) };
  const openIndex = async (options: OpenIndexOptions) => {
    const opened = await openMemoryIndex(options);
    const index = opened.reader as MemoryIndex;
    const places = index.places.bind(index);
    index.places = (range) => places({ ...range, streamId: names.short });
    return opened;
  };
  const machine = machineOn(durableDirectory(new Map()), { openIndex });
  const engine = await machine.open();
  for (const streamId of Object.values(names))
    await engine.append(sampleAppend({ streamId, name: streamId.slice(0, 1) }));
  await engine.close();
  const reopened = await machine.open();
  const request = { streamId: names.long as never, from: 1, direction: 'forward' } as const;
  await assert.rejects(Array.fromAsync(reopened.readStream(request)), { code: 'event-corrupt' });
  await reopened.close();
});
