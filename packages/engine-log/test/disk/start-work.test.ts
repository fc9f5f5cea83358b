/** How much of the log a start looks at with the index intact: its ends, however long it is. Shows P-17. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLogEngine } from '@event-store/engine-log';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';
import type { FileHandle, FileSystem } from '../../src/file-system.ts';
import { nodeFileSystem } from '../../src/node-file-system.ts';
import { realEnvironment } from '../../src/open-log-engine.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const segmentBytes = 16 * 1024 * 1024;

/** The disk, and how many bytes of files were read from it. */
function countingReads(): { readonly fileSystem: FileSystem; readonly count: () => number } {
  let bytes = 0;
  const counting = (handle: FileHandle): FileHandle => ({
    read: async (target, at) => {
      const read = await handle.read(target, at);
      bytes += read;
      return read;
    },
    readAtOnce: (target, at) => {
      const read = handle.readAtOnce(target, at);
      bytes += read ?? 0;
      return read;
    },
    write: (content, at) => handle.write(content, at),
    sync: () => handle.sync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  });
  const open: FileSystem['open'] = async (path, mode) => counting(await nodeFileSystem.open(path, mode));
  return { fileSystem: { ...nodeFileSystem, open }, count: () => bytes };
}

test('a start reads little of a long log', { timeout: 60_000 }, async (context) => {
  const directory = temporaryDirectory(context);
  const engine = await openLogEngine({ directory, segmentBytes });
  for (let number = 0; number < 320; number++) {
    await engine.append(sampleAppend({ streamId: `stream-${number}`, name: `${number}`, events: 500 }));
  }
  const { log_bytes: logBytes = 0 } = engine.statistics();
  await engine.close();
  // After a kill there is no checksum for which the index is read.
  rmSync(join(directory, 'index', 'sum'));
  const { fileSystem, count } = countingReads();
  const covered: unknown[] = [];
  const openIndex: typeof realEnvironment.openIndex = async (options) => {
    const index = await realEnvironment.openIndex(options);
    covered.push(index.indexer.covered?.position);
    return index;
  };
  const again = await openLogEngine({ directory, segmentBytes }, { ...realEnvironment, fileSystem, openIndex });
  context.after(() => again.close());
  assert.equal(again.statistics().feed_position, 160_000);
  assert.ok(count() < logBytes / 4, `${count()} of ${logBytes} bytes`);
  assert.deepEqual(covered, [160_000], 'the index is opened as it was');
});
