/**
 * Carries a repair out so that it may be cut off anywhere: nothing is changed in place. The index,
 * which knows whose events are lost, is put aside until the end; damaged bytes are kept before the
 * file that holds them is replaced, in one step, by one without them; `head` comes last. Done
 * again after a crash, it goes on from what is there.
 */
import { limits } from '@event-store/core';
import { createFile, createFileBy, type FileHandle, type FileSystem, readWholeFile } from '../file-system.ts';
import { consumersFileName } from '../format/consumer-line.ts';
import { encodeHead, headFileBytes, headFileName } from '../format/head-file.ts';
import { encodeLostLine } from '../format/lost-line.ts';
import type { SegmentFile } from '../verify/list-segments.ts';
import { putIndexAside, removeIndexes } from './index-aside.ts';
import type { Part, RepairedSegment } from './segment-parts.ts';

export interface ApplyOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly storeId: string;
  readonly losesConsumers: boolean;
  readonly segments: readonly RepairedSegment[];
  /** Files to be put away. */
  readonly surplus: readonly SegmentFile[];
  /** The end of the log, where the last segment stays as it is. */
  readonly end: {
    readonly segment: number;
    readonly offset: number;
    readonly position: number;
    readonly checksum: number;
  };
  /** Above that of every slot of `head`. */
  readonly sequence: number;
}

const keptDirectoryName = 'repaired';

/** Returns how many files it put into `repaired/`. */
export async function applyRepair(options: ApplyOptions): Promise<number> {
  const { fileSystem, directory, storeId, segments, surplus, sequence } = options;
  await putIndexAside(fileSystem, directory);
  let keptFiles = options.losesConsumers ? await putConsumersAway(fileSystem, directory) : 0;
  let { end } = options;
  const logDirectory = `${directory}/log`;
  if ((await fileSystem.stat(logDirectory)) === undefined) await makeDirectory(fileSystem, directory, 'log');
  for (const segment of surplus) {
    keptFiles += await keepRanges(options, segment, [{ from: 0, to: segment.bytes }]);
    await fileSystem.unlink(segment.path);
    await fileSystem.syncDirectory(logDirectory);
  }
  for (const segment of segments) {
    const { before, cuts } = segment;
    if (before !== undefined)
      keptFiles += await keepRanges(options, before, before.isForeign ? [{ from: 0, to: before.bytes }] : cuts);
    const offset = await writeSegment(fileSystem, logDirectory, segment);
    if (segment.firstPosition >= end.segment)
      end = { segment: segment.firstPosition, offset, position: segment.lastPosition, checksum: segment.digits };
  }
  const content = Buffer.alloc(headFileBytes);
  const { bytes, at } = encodeHead({ storeId, sequence, end, clean: false });
  bytes.copy(content, at);
  await createFile(fileSystem, { directory, name: headFileName, content });
  await removeIndexes(fileSystem, directory);
  return keptFiles;
}

/** Which of its lines was a consumer's last word cannot be told any more. */
async function putConsumersAway(fileSystem: FileSystem, directory: string): Promise<number> {
  const path = `${directory}/${consumersFileName}`;
  const content = await readWholeFile(fileSystem, path);
  if (content === undefined) return 0;
  const kept = await keptDirectory(fileSystem, directory);
  await createFile(fileSystem, { directory: kept, name: await freeName(fileSystem, kept, 'consumers'), content });
  await fileSystem.unlink(path);
  await fileSystem.syncDirectory(directory);
  return 1;
}

async function keptDirectory(fileSystem: FileSystem, directory: string): Promise<string> {
  const kept = `${directory}/${keptDirectoryName}`;
  if ((await fileSystem.stat(kept)) === undefined) await makeDirectory(fileSystem, directory, keptDirectoryName);
  return kept;
}

async function keepRanges(
  { fileSystem, directory }: ApplyOptions,
  { path, firstPosition }: SegmentFile,
  ranges: RepairedSegment['cuts'],
): Promise<number> {
  if (ranges.length === 0) return 0;
  const kept = await keptDirectory(fileSystem, directory);
  const source = await fileSystem.open(path, 'read');
  try {
    for (const { from, to } of ranges) {
      const name = await freeName(fileSystem, kept, `${firstPosition}-${from}`);
      await createFileBy(fileSystem, { directory: kept, name }, (target) => copy(source, target, { from, to, at: 0 }));
    }
    return ranges.length;
  } finally {
    await source.close();
  }
}

/** What was kept before stays. */
async function freeName(fileSystem: FileSystem, directory: string, start: string): Promise<string> {
  const names = await fileSystem.list(directory);
  for (let number = 1; ; number++) {
    const name = `${start}${number === 1 ? '' : `-${number}`}.damaged`;
    if (!names.includes(name)) return name;
  }
}

/** Puts the new file in the place of the old one; returns its length. */
async function writeSegment(
  fileSystem: FileSystem,
  directory: string,
  { before, name, parts }: RepairedSegment,
): Promise<number> {
  const source = before && (await fileSystem.open(before.path, 'read'));
  try {
    return await createFileBy(fileSystem, { directory, name }, async (target) => {
      let at = 0;
      for (const part of parts) at = await writePart(part, { source, target, at });
      return at;
    });
  } finally {
    await source?.close();
  }
}

interface PartTarget {
  readonly source: FileHandle | undefined;
  readonly target: FileHandle;
  readonly at: number;
}

async function writePart(part: Part, { source, target, at }: PartTarget): Promise<number> {
  if (part.kind === 'kept') return source === undefined ? at : copy(source, target, { ...part, at });
  if (part.kind === 'written') {
    target.write(part.bytes, at);
    return at + part.bytes.length;
  }
  let offset = at;
  for (let start = 0; start < part.events.length; start += linesAtOnce) {
    const some = part.events.slice(start, start + linesAtOnce);
    const lines = some.map((event) => encodeLostLine({ ...event, checksum: part.digits }, part.salt));
    const bytes = Buffer.concat(lines);
    target.write(bytes, offset);
    offset += bytes.length;
  }
  return offset;
}

const linesAtOnce = 4_096;

async function copy(
  source: FileHandle,
  target: FileHandle,
  { from, to, at }: { from: number; to: number; at: number },
): Promise<number> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(limits.batchBytesMax, to - from));
  let offset = at;
  for (let next = from; next < to; ) {
    const bytes = await source.read(buffer.subarray(0, Math.min(buffer.length, to - next)), next);
    if (bytes === 0) throw new Error('a file of the log became shorter while it was repaired');
    target.write(buffer.subarray(0, bytes), offset);
    next += bytes;
    offset += bytes;
  }
  return offset;
}

async function makeDirectory(fileSystem: FileSystem, parent: string, name: string): Promise<void> {
  await fileSystem.makeDirectory(`${parent}/${name}`);
  await fileSystem.syncDirectory(parent);
}
