/** A file that cannot be made: why is told, whatever happens to what was begun. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedFileSystem } from '../../../../simulation/file-system/simulated-file-system.ts';
import { createFile, isDiskFull } from '../../src/file-system.ts';

test('a failed sync is told as one, although the file can be neither closed nor removed', async () => {
  const failing = ['sync', 'close', 'unlink'];
  const fault = ({ operation }: { operation: string }) => (failing.includes(operation) ? 'ENOSPC' : undefined);
  const fileSystem = new SimulatedFileSystem({ fault });
  await assert.rejects(
    createFile(fileSystem, { directory: '', name: 'file', content: Buffer.from('new') }),
    (error) => {
      assert.equal((error as NodeJS.ErrnoException).syscall, 'fdatasync');
      assert.equal(isDiskFull(error), false);
      return true;
    },
  );
});
