/**
 * The index and `head` are derived: absent, behind, of another log or stale they change no answer; ahead they are a witness.
 * Shows P-05, P-06.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { truthfullyServed } from '../../../../simulation/engine-log/damaged-store.ts';
import { checkedHistory } from '../../../../simulation/engine-log/history.ts';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import { machineOn, SimulatedMachine } from '../../../../simulation/engine-log/simulated-machine.ts';
import { headPath, smallSegmentBytes, smallStore, withFile } from '../../../../simulation/engine-log/small-store.ts';
import { type DiskImage, durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import { decodeHead, encodeHead, type Head, headFileBytes } from '../../src/format/head-file.ts';
import { LogIndexer } from '../../src/index/log-indexer.ts';
import { MemoryIndex, openMemoryIndex } from '../../src/index/memory-index.ts';
import type { OpenIndex, OpenIndexOptions } from '../../src/index/open-index.ts';

/** Opens an index that is there from an earlier life; one for reading a damaged log is always new. */
function kept(index: MemoryIndex): (options: OpenIndexOptions) => Promise<OpenIndex> {
  return async (options) => {
    if (!options.directory.endsWith('/index')) return openMemoryIndex(options);
    const { fileSystem, logDirectory, stepsOverDamage, progress } = options;
    const indexer = new LogIndexer({ fileSystem, directory: logDirectory, writer: index, stepsOverDamage, progress });
    return { reader: index, indexer };
  };
}

/** The index as it is after a life on an image. */
async function indexOf(image: DiskImage): Promise<MemoryIndex> {
  const index = new MemoryIndex();
  const machine = machineOn(durableDirectory(image), { segmentBytes: smallSegmentBytes, openIndex: kept(index) });
  await (await machine.open()).close();
  return index;
}

describe('the index', async () => {
  const store = await smallStore();
  const last = store.segments.at(-1) as string;
  const lastContent = store.image.get(last) as Buffer;

  it('is behind by any number of lines, and by segments', async () => {
    for (const segments of [1, 2, 3]) {
      const some = new Map(
        [...store.image].filter(([path]) => path !== headPath && !store.segments.slice(segments).includes(path)),
      );
      const end = store.segments[segments - 1] as string;
      const content = some.get(end) as Buffer;
      for (let at = content.indexOf('\n') + 1; at > 0; at = content.indexOf('\n', at) + 1) {
        const index = await indexOf(withFile(some, end, () => content.subarray(0, at)));
        const { health } = await truthfullyServed(store.image, store, { openIndex: kept(index) });
        assert.equal(health.state, 'ready');
        assert.equal(index.covered()?.position, store.lines.length);
      }
    }
  });

  it('is of another log', async () => {
    for (const life of ['.', ' of another length']) {
      const index = await indexOf((await smallStore({ life })).image);
      const { health } = await truthfullyServed(store.image, store, { openIndex: kept(index) });
      assert.equal(health.state, 'ready');
    }
  });

  it('is ahead: what it knows is missing, and the log is left as it is', async () => {
    const index = await indexOf(store.image);
    const withoutHead = withFile(store.image, headPath, () => undefined);
    for (let at = lastContent.indexOf('\n') + 1; at < lastContent.length; at = lastContent.indexOf('\n', at) + 1) {
      const image = withFile(withoutHead, last, () => lastContent.subarray(0, at));
      const { health, corrupt } = await truthfullyServed(image, store, { openIndex: kept(index) });
      assert.equal(health.state, 'read-only');
      assert.ok(corrupt.length > 0);
    }
  });
});

describe('head', async () => {
  const store = await smallStore();
  const newest = decodeHead(store.image.get(headPath) as Buffer) as Head;

  function withHead(head: Head): DiskImage {
    const content = Buffer.alloc(headFileBytes);
    const { bytes, at } = encodeHead(head);
    bytes.copy(content, at);
    return withFile(store.image, headPath, () => content);
  }

  it('is gone, empty, rubbish, or of another size', async () => {
    for (const content of [undefined, '', 'rubbish', '\0'.repeat(headFileBytes), '{"storeId":"a"}\n'.repeat(600)]) {
      const image = withFile(store.image, headPath, () => (content === undefined ? undefined : Buffer.from(content)));
      assert.equal((await truthfullyServed(image, store)).health.state, 'ready');
    }
  });

  it('is of another store', async () => {
    const foreign = withHead({ ...newest, storeId: 'another', end: { ...newest.end, position: 1_000_000 } });
    assert.equal((await truthfullyServed(foreign, store)).health.state, 'ready');
  });

  it('knows more than there is: events are missing', async () => {
    for (const end of [
      { ...newest.end, offset: newest.end.offset + 100, position: newest.end.position + 1 },
      { segment: newest.end.position + 1, offset: 300, position: newest.end.position + 2, checksum: 7 },
    ]) {
      const engine = await machineOn(durableDirectory(withHead({ ...newest, end }))).open();
      assert.equal(engine.health().state, 'read-only');
      await assert.rejects(Array.fromAsync(engine.readFeed({ after: store.lines.length })), { code: 'event-corrupt' });
    }
  });

  it('is stale, from any time of the life of the store', async () => {
    const machine = new SimulatedMachine({ segmentBytes: smallSegmentBytes });
    const engine = await machine.open();
    const heads: (Buffer | undefined)[] = [];
    for (let i = 0; i < 12; i++) {
      await engine.append(sampleAppend({ streamId: 'a', name: `append ${i}`, events: (i % 3) + 1 }));
      await machine.pass(60);
      heads.push(machine.fileSystem.image().get(headPath));
    }
    await engine.close();
    const image = machine.fileSystem.image();
    const lines = await checkedHistory(await machineOn(durableDirectory(image)).open());
    for (const head of heads) {
      const stale = withFile(image, headPath, () => head);
      const { health } = await truthfullyServed(stale, { image, lines, segments: [] });
      assert.equal(health.state, 'ready');
    }
  });
});
