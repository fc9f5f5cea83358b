/**
 * The disk, as the engine sees it: the one port through which it touches files, so that a
 * simulated disk can lose, tear and refuse whatever a real one does.
 */
export interface FileSystem {
  /** Opens a file: `read` and `write` need it to exist, `create` makes it or empties it. */
  open(path: string, mode: 'read' | 'write' | 'create'): Promise<FileHandle>;
  /** Makes the names in a directory (created, renamed, removed files) durable. */
  syncDirectory(path: string): Promise<void>;
  /** Creates one directory, readable by its owner only. */
  makeDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** The names in a directory, sorted. */
  list(path: string): Promise<string[]>;
  /** What stands at a path; `undefined` when nothing does. */
  stat(path: string): Promise<{ readonly kind: 'file' | 'directory' | 'other'; readonly bytes: number } | undefined>;
}

export interface FileHandle {
  /** Reads until `target` is full or the file ends; returns the bytes read. Waits like `sync`. */
  read(target: Uint8Array, at: number): Promise<number>;
  /** The same as a call that returns; `undefined`, with nothing read, where it might have to be waited for. */
  readAtOnce(target: Uint8Array, at: number): number | undefined;
  /**
   * Hands all of `bytes` to the operating system before it returns: a copy into the page cache,
   * too short to be worth a thread. Durable only after `sync`.
   */
  write(bytes: Uint8Array, at: number): void;
  /**
   * Makes all that was written durable. Where the disk is quick, it may have the caller wait for
   * it rather than for another thread. After a failure it must never be called again.
   */
  sync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Whether an error says that there is no space left, which is an ordinary day and not a fault.
 * From a sync it is a fault: nobody knows then what the disk holds.
 */
export function isDiskFull(error: unknown): boolean {
  const { code, syscall = '' } = (error ?? {}) as NodeJS.ErrnoException;
  return (code === 'ENOSPC' || code === 'EDQUOT') && !syscall.endsWith('sync');
}

/** Writes a new file so that it is there whole or not at all: temporary file, sync, rename, sync of the directory. */
export function createFile(
  fileSystem: FileSystem,
  { directory, name, content }: { directory: string; name: string; content: Uint8Array },
): Promise<void> {
  return createFileBy(fileSystem, { directory, name }, (file) => file.write(content, 0));
}

/** The same for a file that is too long to be held in memory; returns what `write` does. */
export async function createFileBy<Result>(
  fileSystem: FileSystem,
  { directory, name }: { directory: string; name: string },
  write: (file: FileHandle) => Result | Promise<Result>,
): Promise<Result> {
  const temporary = `${directory}/${name}${temporarySuffix}`;
  const file = await fileSystem.open(temporary, 'create');
  let result: Result;
  try {
    result = await write(file);
    await file.sync();
  } catch (error) {
    // A failed sync must not be taken for what its cleaning up met, such as a full disk.
    await Promise.allSettled([file.close(), fileSystem.unlink(temporary)]);
    throw error;
  }
  await file.close();
  await fileSystem.rename(temporary, `${directory}/${name}`);
  await fileSystem.syncDirectory(directory);
  return result;
}

/** Ends the name of a file that was never finished; such files are removed at the next start. */
export const temporarySuffix = '.tmp';

/** The whole of a file; `undefined` when there is none. */
export async function readWholeFile(fileSystem: FileSystem, path: string): Promise<Buffer | undefined> {
  const found = await fileSystem.stat(path);
  if (found?.kind !== 'file') return undefined;
  const file = await fileSystem.open(path, 'read');
  try {
    const content = Buffer.alloc(found.bytes);
    const bytes = await file.read(content, 0);
    return content.subarray(0, bytes);
  } finally {
    await file.close();
  }
}
