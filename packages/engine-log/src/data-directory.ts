/**
 * The data directory: makes it, refuses what is not ours, and knows the names in it.
 *
 *     store.json  lock.db  head  log/  consumers.ndjson  index/  torn/
 */
import { dirname } from 'node:path';
import { StartError } from '@event-store/core';
import { type DirectoryLock, lockFileName } from './directory-lock.ts';
import { createFile, type FileHandle, type FileSystem, readWholeFile, temporarySuffix } from './file-system.ts';
import { decodeHead, encodeHead, type Head, headFileBytes, headFileName } from './format/head-file.ts';
import { parseSegmentName } from './format/segment-header.ts';
import {
  decodeStoreFile,
  encodeStoreFile,
  formatVersion,
  type StoreFile,
  storeFileAdvice,
  storeFileName,
} from './format/store-file.ts';

export interface DataDirectoryOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly lock: (directory: string) => Promise<DirectoryLock>;
  /** For a store that is new. */
  readonly newStore: () => Omit<StoreFile, 'format'>;
}

export interface DataDirectory {
  readonly store: StoreFile;
  readonly lock: DirectoryLock;
  /** The newest intact slot of `head`. */
  readonly head: Head | undefined;
}

export const logDirectoryName = 'log';

/** @throws StartError when it cannot be made, is in use, or holds something else. */
export async function openDataDirectory(options: DataDirectoryOptions): Promise<DataDirectory> {
  const { fileSystem, directory } = options;
  const lock = await prepare(fileSystem, directory)
    .then(() => options.lock(directory))
    .catch((error: unknown) => {
      throw startErrorOf(error, directory);
    });
  try {
    const logDirectory = `${directory}/${logDirectoryName}`;
    if ((await fileSystem.stat(logDirectory)) === undefined) await fileSystem.makeDirectory(logDirectory);
    await removeUnfinished(fileSystem, directory);
    await removeUnfinished(fileSystem, logDirectory);
    // The last process may have ended between a change of names and its sync.
    await fileSystem.syncDirectory(logDirectory);
    await fileSystem.syncDirectory(directory);
    const store = await openStore(options);
    const head = await readWholeFile(fileSystem, `${directory}/${headFileName}`);
    const newest = head && decodeHead(head);
    return { store, lock, head: newest?.storeId === store.storeId ? newest : undefined };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens `head` for writing, or makes it with what it is to say at first. */
export async function openHeadFile(fileSystem: FileSystem, directory: string, first: Head): Promise<FileHandle> {
  const path = `${directory}/${headFileName}`;
  if ((await fileSystem.stat(path))?.bytes !== headFileBytes) {
    const content = Buffer.alloc(headFileBytes);
    const { bytes, at } = encodeHead(first);
    bytes.copy(content, at);
    await createFile(fileSystem, { directory, name: headFileName, content });
  }
  return fileSystem.open(path, 'write');
}

async function prepare(fileSystem: FileSystem, directory: string): Promise<void> {
  const found = await fileSystem.stat(directory);
  if (found !== undefined && found.kind !== 'directory') {
    throw new StartError('cannot-create', `${directory} is not a directory; choose another with --data`);
  }
  if (found === undefined) await fileSystem.makeDirectory(directory);
  if ((await fileSystem.list(directory)).includes(storeFileName)) return;
  await refuseForeign(fileSystem, directory);
  await fileSystem.syncDirectory(dirname(directory));
}

/** What a directory may hold before it is a store: what an interrupted first start leaves, and a volume's own. */
const allowedBefore = [lockFileName, logDirectoryName, `${storeFileName}${temporarySuffix}`, 'lost+found'];

async function refuseForeign(fileSystem: FileSystem, directory: string): Promise<void> {
  const names = await fileSystem.list(directory);
  const foreign = names.filter((name) => !allowedBefore.includes(name));
  if (names.includes(logDirectoryName)) {
    const inLog = await fileSystem.list(`${directory}/${logDirectoryName}`);
    foreign.push(...inLog.map((name) => `${logDirectoryName}/${name}`));
  }
  if (foreign.length === 0) return;
  if (names.some((name) => name === headFileName) || foreign.some(isSegment))
    throw new StartError('foreign-data', `${directory} has lost its ${storeFileName}; ${storeFileAdvice}`);
  throw new StartError(
    'foreign-data',
    `${directory} has files (${foreign[0]}) but no ${storeFileName}; choose an empty directory with --data`,
  );
}

function isSegment(name: string): boolean {
  const [directory, file = ''] = name.split('/');
  return directory === logDirectoryName && parseSegmentName(file) !== undefined;
}

async function removeUnfinished(fileSystem: FileSystem, directory: string): Promise<void> {
  for (const name of await fileSystem.list(directory)) {
    if (name.endsWith(temporarySuffix)) await fileSystem.unlink(`${directory}/${name}`);
  }
}

async function openStore({ fileSystem, directory, newStore }: DataDirectoryOptions): Promise<StoreFile> {
  const content = await readWholeFile(fileSystem, `${directory}/${storeFileName}`);
  if (content !== undefined) return decodeStoreFile(content);
  const created = encodeStoreFile({ format: formatVersion, ...newStore() });
  await createFile(fileSystem, { directory, name: storeFileName, content: created });
  return decodeStoreFile(created);
}

/** What the operating system, or SQLite for the lock, says when the directory cannot be used. */
export function startErrorOf(cause: unknown, directory: string): unknown {
  const { code, errcode } = cause as { readonly code?: string; readonly errcode?: number };
  if (cause instanceof StartError) return cause;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new StartError(
      'cannot-create',
      `${directory} cannot be made: its parent is not a directory; make that first`,
      { cause },
    );
  }
  if (isForbidden(cause) || errcode === sqliteReadOnly || errcode === sqliteCannotOpen) {
    return new StartError(
      'no-permission',
      `${directory} cannot be written by this user; change its owner or choose another`,
      { cause },
    );
  }
  return new StartError('cannot-create', `${directory} cannot be used: ${(cause as Error).message}`, { cause });
}

/** For `catch`: a file that this user may not use is the user's matter, and no fault of the program. */
export function permissionTold(directory: string): (error: unknown) => never {
  return (error) => {
    throw isForbidden(error) ? startErrorOf(error, directory) : error;
  };
}

/** Whether the operating system refused because of who asks, or because nobody may write there. */
function isForbidden(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['EACCES', 'EPERM', 'EROFS'].includes(code);
}

const sqliteReadOnly = 8;
const sqliteCannotOpen = 14;
