/**
 * `index/sum`, which a clean stop leaves for the next start: a bit that flipped in the index between
 * the two would otherwise hide a stream or a client id. Compared byte by byte with what it should be,
 * so that a sum which is damaged itself counts as a difference.
 *
 *     {"format":1,"bytes":57344,"crc32":"9f3a01bc"}
 */
import type { Clock } from '@event-store/core';
import { createFile, type FileSystem, readWholeFile } from '../file-system.ts';
import { continueChecksum, formatChecksum } from '../format/checksum.ts';
import { dataFileName } from './lmdb-format.ts';

const sumName = 'sum';
const sumFormat = 1;
const blockBytes = 1024 * 1024;
/** A part of the time that a process has to end; an index that takes longer gets no sum. */
const writeMsMax = 3_000;

/** Whether the index is as the last stop left it; `unknown` where that was no stop in good order. */
export type IndexState = 'as it was' | 'changed' | 'unknown';

/** A sum that fits is removed, since from here on the index changes; one that does not goes with the index. */
export async function checkIndexSum(fileSystem: FileSystem, directory: string): Promise<IndexState> {
  const path = `${directory}/${sumName}`;
  if ((await fileSystem.stat(path)) === undefined) return 'unknown';
  if (!(await fits(fileSystem, directory).catch(() => false))) return 'changed';
  await fileSystem.unlink(path);
  await fileSystem.syncDirectory(directory);
  return 'as it was';
}

/** To be called once the index is closed in good order. Without the sum the next start only knows less. */
export async function writeIndexSum(fileSystem: FileSystem, directory: string, clock: Clock): Promise<void> {
  const endMs = clock.monotonicMs() + writeMsMax;
  try {
    const content = await sumOf(fileSystem, directory, () => clock.monotonicMs() > endMs);
    if (content !== undefined) await createFile(fileSystem, { directory, name: sumName, content });
  } catch {
    // Such as on a full disk: a stop must not fail over what can be done without.
  }
}

async function fits(fileSystem: FileSystem, directory: string): Promise<boolean> {
  const left = await readWholeFile(fileSystem, `${directory}/${sumName}`);
  const found = await sumOf(fileSystem, directory, () => false);
  return left !== undefined && found !== undefined && left.equals(found);
}

/** What the sum of the index has to be; `undefined` when there is no index or it is too late. */
async function sumOf(fileSystem: FileSystem, directory: string, isTooLate: () => boolean): Promise<Buffer | undefined> {
  const path = `${directory}/${dataFileName}`;
  if ((await fileSystem.stat(path)) === undefined) return undefined;
  const file = await fileSystem.open(path, 'read');
  try {
    const block = Buffer.allocUnsafe(blockBytes);
    let checksum = 0;
    let bytes = 0;
    let read: number;
    do {
      if (isTooLate()) return undefined;
      read = await file.read(block, bytes);
      checksum = continueChecksum(checksum, block.subarray(0, read));
      bytes += read;
    } while (read === blockBytes);
    return Buffer.from(`${JSON.stringify({ format: sumFormat, bytes, crc32: formatChecksum(checksum) })}\n`, 'utf8');
  } finally {
    await file.close();
  }
}
