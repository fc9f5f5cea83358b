/** What is done to a data directory by hand, on this machine's disk. */

import { permissionTold, startErrorOf } from './data-directory.ts';
import { type DirectoryLock, lockDirectory, lockFileName } from './directory-lock.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { type RepairOptions, type RepairResult, repairStore } from './repair/repair-store.ts';
import { openIndexWitness } from './verify/index-witness.ts';
import { type VerifyOptions, type VerifyReport, verifyStore } from './verify/verify-store.ts';

/** See `verifyStore`; on a disk that is mounted read-only, nobody else can write either. */
export function verifyLogStore(options: Pick<VerifyOptions, 'directory' | 'progress'>): Promise<VerifyReport> {
  const environment = { fileSystem: nodeFileSystem, openIndex: openIndexWitness, lock: lockUnlessReadOnly };
  return verifyStore({ ...options, ...environment }).catch(permissionTold(options.directory));
}

/** See `repairStore`. */
export function repairLogStore(
  options: Pick<RepairOptions, 'directory' | 'progress' | 'confirm'>,
): Promise<RepairResult> {
  const lock = (directory: string) =>
    lockDirectory(nodeFileSystem, directory).catch((error: unknown) => {
      throw startErrorOf(error, directory);
    });
  const environment = { fileSystem: nodeFileSystem, openIndex: openIndexWitness, lock };
  return repairStore({ ...options, ...environment }).catch(permissionTold(options.directory));
}

async function lockUnlessReadOnly(directory: string): Promise<DirectoryLock> {
  try {
    return await lockDirectory(nodeFileSystem, directory);
  } catch (error) {
    if (await isReadOnlyDisk(`${directory}/${lockFileName}`)) return { release: () => {} };
    throw startErrorOf(error, directory);
  }
}

async function isReadOnlyDisk(path: string): Promise<boolean> {
  try {
    const found = await nodeFileSystem.stat(path);
    await (await nodeFileSystem.open(path, found === undefined ? 'create' : 'write')).close();
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}
