/** Two owners of one data directory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '@event-store/core';
import { lockDirectory } from '../../../packages/engine-log/src/directory-lock.ts';
import { nodeFileSystem } from '../../../packages/engine-log/src/node-file-system.ts';
import { hold } from '../../violation.ts';

export async function run(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'event-store-lock-'));
  const first = await lockDirectory(nodeFileSystem, directory);
  try {
    const second = await lockDirectory(nodeFileSystem, directory).catch((error: unknown) => error);
    hold('P-09', second instanceof StartError && second.kind === 'in-use', 'a directory has two owners');
  } finally {
    first.release();
    rmSync(directory, { recursive: true });
  }
}
