/** The index finds no room: the list of streams is complete all the same, from what is in memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import { SimulatedMachine } from '../../../../simulation/engine-log/simulated-machine.ts';
import type { Indexer } from '../../src/index/log-index.ts';
import { openMemoryIndex } from '../../src/index/memory-index.ts';

test('a list of streams while the index cannot be written', async () => {
  let isFull = false;
  const machine = new SimulatedMachine({
    openIndex: async (options) => {
      const { indexer, reader } = await openMemoryIndex(options);
      const advance: Indexer['advance'] = async (end, segments) => {
        if (isFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        return indexer.advance(end, segments);
      };
      const full: Indexer = {
        get covered() {
          return indexer.covered;
        },
        lostThrough: 0,
        advance,
        clear: () => indexer.clear(),
        close: () => indexer.close(),
      };
      return { reader, indexer: full };
    },
  });
  const engine = await machine.open();
  for (const streamId of ['b', 'd', 'ä']) await engine.append(sampleAppend({ streamId, name: 'indexed' }));
  await machine.pass(1_100);
  isFull = true;
  for (const streamId of ['a', 'd', 'c'])
    await engine.append(sampleAppend({ streamId, name: 'not indexed', events: 2 }));
  const list = (request: object) => engine.listStreams({ prefix: '', after: '', limit: 10, ...request });
  const all = [
    { streamId: 'a', version: 2 },
    { streamId: 'b', version: 1 },
    { streamId: 'c', version: 2 },
    { streamId: 'd', version: 3 },
    { streamId: 'ä', version: 1 },
  ];
  assert.deepEqual(await list({}), all);
  assert.deepEqual(await list({ after: 'a', limit: 2 }), all.slice(1, 3));
  assert.deepEqual(await list({ prefix: 'd' }), all.slice(3, 4));
  isFull = false;
  await machine.pass(1_100);
  assert.deepEqual(await list({}), all);
  await engine.close();
});
