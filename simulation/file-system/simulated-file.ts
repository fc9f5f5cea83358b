/**
 * One file in two worlds: what the cache shows to those who read it, and what the disk holds. A
 * write changes the cache and makes its sectors dirty; a sync brings the dirty sectors and the
 * length to the disk.
 *
 *     cache  ├ new ┼ new ┼ new ┤        dirty: every content that a sector had since the last sync,
 *     disk   ├ old ┼ old ┤              each of which the disk may have got by itself
 */
export interface SimulatedFile {
  readonly kind: 'file';
  cache: Buffer;
  disk: Buffer;
  /** By the number of the sector, oldest content first. */
  dirty: ReadonlyMap<number, readonly Buffer[]>;
  /** The lengths that the file had since the last sync. */
  lengths: readonly number[];
}

/** A file that is the same in both worlds. */
export function durableFile(content: Buffer): SimulatedFile {
  return { kind: 'file', cache: content, disk: content, dirty: new Map(), lengths: [] };
}

/** The bytes of a sector, shorter at the end of the file. */
function sectorOf(content: Buffer, number: number, sectorBytes: number): Buffer {
  return content.subarray(number * sectorBytes, (number + 1) * sectorBytes);
}

export function writeFile(file: SimulatedFile, { bytes, at }: { bytes: Uint8Array; at: number }, sectorBytes: number) {
  if (bytes.length === 0) return;
  const cache = Buffer.alloc(Math.max(file.cache.length, at + bytes.length));
  file.cache.copy(cache);
  cache.set(bytes, at);
  const from = Math.min(at, file.cache.length);
  const hasGrown = cache.length !== file.cache.length;
  file.cache = cache;
  if (hasGrown) file.lengths = [...file.lengths, cache.length];
  soil(file, { from, to: at + bytes.length }, sectorBytes);
}

/** What is cut off may stay on the disk until the next sync. */
export function truncateFile(file: SimulatedFile, bytes: number, sectorBytes: number): void {
  const before = file.cache.length;
  if (before === bytes) return;
  const cache = Buffer.alloc(bytes);
  file.cache.copy(cache);
  file.cache = cache;
  file.lengths = [...file.lengths, bytes];
  soil(file, { from: Math.min(before, bytes), to: bytes }, sectorBytes);
}

/**
 * Brings to the disk what a file had when its sync began; what was written meanwhile stays dirty.
 * Sectors that a failed sync made clean stay as the disk has them.
 */
export function syncFile(file: SimulatedFile, begun: Readonly<SimulatedFile>, sectorBytes: number): void {
  const disk = Buffer.alloc(begun.lengths.length > 0 ? begun.cache.length : file.disk.length);
  file.disk.copy(disk);
  for (const number of begun.dirty.keys()) sectorOf(begun.cache, number, sectorBytes).copy(disk, number * sectorBytes);
  file.disk = disk;
  file.dirty = file.dirty === begun.dirty ? new Map() : newerThan(begun.dirty, file.dirty);
  file.lengths = file.lengths.slice(begun.lengths.length);
}

/** The contents that sectors got since. */
function newerThan(begun: SimulatedFile['dirty'], dirty: SimulatedFile['dirty']): SimulatedFile['dirty'] {
  const newer = new Map<number, readonly Buffer[]>();
  for (const [number, contents] of dirty) {
    const rest = contents.slice(begun.get(number)?.length ?? 0);
    if (rest.length > 0) newer.set(number, rest);
  }
  return newer;
}

/** A sync that failed: the disk got some sectors, and all of them count as clean. The length is still to be written. */
export function failSyncOfFile(file: SimulatedFile, getsSector: () => boolean, sectorBytes: number): void {
  const disk = Buffer.alloc(file.disk.length);
  file.disk.copy(disk);
  for (const number of file.dirty.keys()) {
    if (getsSector()) sectorOf(file.cache, number, sectorBytes).copy(disk, number * sectorBytes);
  }
  file.disk = disk;
  file.dirty = new Map();
}

function soil(file: SimulatedFile, { from, to }: { from: number; to: number }, sectorBytes: number): void {
  const dirty = new Map(file.dirty);
  for (let number = Math.floor(from / sectorBytes); number * sectorBytes < to; number++) {
    dirty.set(number, [...(dirty.get(number) ?? []), sectorOf(file.cache, number, sectorBytes)]);
  }
  file.dirty = dirty;
}
