/** Finds the files of the log and reads their headers; what each must hold follows from its name and its neighbours. */
import { StartError } from '@event-store/core';
import type { FileSystem } from '../file-system.ts';
import { encodeSegmentHeader, headerBytesMax, parseSegmentName } from '../format/segment-header.ts';
import { formatVersion, type StoreIdentity } from '../format/store-file.ts';
import type { Report } from './finding.ts';
import { type ReadHeader, readHeader } from './read-header.ts';
import { saltOf } from './read-trailer.ts';

export interface SegmentFile {
  /** From the data directory on. */
  readonly file: string;
  readonly path: string;
  /** The position in its name. */
  readonly firstPosition: number;
  readonly bytes: number;
  /** `undefined` when it cannot be read. */
  readonly header: ReadHeader | undefined;
  /** Of its name in this store, whatever is in it. */
  readonly salt: number;
  /** Whether nothing in it may be believed: it is of another store, or not what its neighbours say. */
  readonly isForeign: boolean;
}

export interface ListOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly store: StoreIdentity;
  /** First positions of segments that are known not to be this log's. */
  readonly foreign: ReadonlySet<number>;
  readonly report: Report;
}

export async function listSegments({
  fileSystem,
  directory,
  store,
  foreign,
  report,
}: ListOptions): Promise<SegmentFile[]> {
  const segments: SegmentFile[] = [];
  if ((await fileSystem.stat(`${directory}/log`)) === undefined) return segments;
  for (const name of await fileSystem.list(`${directory}/log`)) {
    const file = `log/${name}`;
    const firstPosition = parseSegmentName(name);
    if (firstPosition === undefined) {
      report({ kind: 'surplus', severity: 'notice', file, text: 'it is not a file of the log' });
      continue;
    }
    const path = `${directory}/${file}`;
    const bytes = (await fileSystem.stat(path))?.bytes ?? 0;
    const header = readHeader(await startOf(fileSystem, path, bytes));
    const problem = header === undefined ? undefined : whatIsForeign(header, { store, firstPosition });
    if (problem !== undefined) report({ kind: 'foreign', severity: 'damage', file, offset: 0, text: problem });
    segments.push({
      file,
      path,
      firstPosition,
      bytes,
      header,
      salt: saltOf(store, name),
      isForeign: problem !== undefined || foreign.has(firstPosition),
    });
  }
  return segments;
}

const foreignAdvice = 'put the right file there, or, if none was there, move it out of log/, and verify again';

function whatIsForeign(
  header: ReadHeader,
  { store, firstPosition }: { store: StoreIdentity; firstPosition: number },
): string | undefined {
  if (header.format > formatVersion)
    throw new StartError('foreign-data', `a segment is of format ${header.format}; use a newer release`);
  if (header.storeId !== store.storeId) return `it belongs to another store, ${header.storeId}; ${foreignAdvice}`;
  if (header.format !== store.format)
    return `it is of format ${header.format}, and store.json of ${store.format}; restore the right store.json`;
  if (header.firstPosition !== firstPosition)
    return `it is the segment of position ${header.firstPosition}, under another name; ${foreignAdvice}`;
  return undefined;
}

/** Where the lines of a segment start, and the digits that they start from. */
export function startOfLines(
  { header, firstPosition }: SegmentFile,
  { store, previous }: { readonly store: StoreIdentity; readonly previous: number | undefined },
): { readonly offset: number; readonly digits: number | undefined } {
  if (header !== undefined) return { offset: header.bytes, digits: header.digits };
  const { bytes, checksum } = encodeSegmentHeader({ ...store, firstPosition, previousChecksum: previous ?? 0 });
  return { offset: bytes.length, digits: previous === undefined ? undefined : checksum };
}

async function startOf(fileSystem: FileSystem, path: string, bytes: number): Promise<Buffer> {
  const file = await fileSystem.open(path, 'read');
  try {
    const start = Buffer.alloc(Math.min(bytes, headerBytesMax));
    return start.subarray(0, await file.read(start, 0));
  } finally {
    await file.close();
  }
}
