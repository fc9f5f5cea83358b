/**
 * The index as LMDB keeps it: five tables of one file, all numbers big-endian so that the order of
 * the keys is theirs. A stream is named by a short number in all tables but the first.
 *
 *     streams   stream id                → number (4), version (6)
 *     places    number (4), version (6)  → for that version and those behind it, as many as were
 *                                          indexed together: position (6), offset (4), bytes (4)
 *     ids       number (4), event id     → version (6)
 *     anchors   position (6)             → offset (4)
 *     meta      "covered"                → JSON: index format, store id, streams, end
 *
 * A change of this layout gets a new `indexFormat`; an index of another one is built anew.
 */
import { type Database, open, type RootDatabase } from 'lmdb';
import type { EventPlace } from './log-index.ts';

export const indexFormat = 2;

/** All of it, in the index's directory; the file beside it only coordinates processes. */
export const dataFileName = 'data.mdb';

/** Places of one row: it stays well below the size at which LMDB gives a row pages of its own. */
export const placesPerRowMax = 64;

export interface IndexTables {
  readonly root: RootDatabase<Buffer, Buffer>;
  readonly streams: Database<Buffer, Buffer>;
  readonly places: Database<Buffer, Buffer>;
  readonly ids: Database<Buffer, Buffer>;
  readonly anchors: Database<Buffer, Buffer>;
  readonly meta: Database<Buffer, Buffer>;
}

/** Commits are synced before they count: an unsynced LMDB file may be mixed after a power cut. */
export function openTables(path: string): IndexTables {
  const binary = { keyEncoding: 'binary', encoding: 'binary' } as const;
  const root = open<Buffer, Buffer>({ path, ...binary, overlappingSync: false, noSubdir: false, maxDbs: 8 });
  const table = (name: string) => root.openDB<Buffer, Buffer>({ name, ...binary });
  return {
    root,
    streams: table('streams'),
    places: table('places'),
    ids: table('ids'),
    anchors: table('anchors'),
    meta: table('meta'),
  };
}

const numberBytes = 4;
const wideBytes = 6;

export function streamKey(streamId: string): Buffer {
  return Buffer.from(streamId, 'utf8');
}

export interface StreamRow {
  readonly number: number;
  readonly version: number;
}

export function encodeStreamRow({ number, version }: StreamRow): Buffer {
  const row = Buffer.allocUnsafe(numberBytes + wideBytes);
  row.writeUInt32BE(number, 0);
  row.writeUIntBE(version, numberBytes, wideBytes);
  return row;
}

export function decodeStreamRow(row: Buffer): StreamRow {
  return { number: row.readUInt32BE(0), version: row.readUIntBE(numberBytes, wideBytes) };
}

/** The key of the row that begins with this version. */
export function placesKey(number: number, version: number): Buffer {
  return encodeStreamRow({ number, version });
}

/** The stream and the first version of a row of places. */
export function decodePlacesKey(key: Buffer): StreamRow {
  return decodeStreamRow(key);
}

const placeBytes = wideBytes + 2 * numberBytes;

export function encodePlaces(places: readonly EventPlace[]): Buffer {
  const row = Buffer.allocUnsafe(places.length * placeBytes);
  let at = 0;
  for (const { position, offset, bytes } of places) {
    row.writeUIntBE(position, at, wideBytes);
    row.writeUInt32BE(offset, at + wideBytes);
    row.writeUInt32BE(bytes, at + wideBytes + numberBytes);
    at += placeBytes;
  }
  return row;
}

export function countPlaces(row: Buffer): number {
  return row.length / placeBytes;
}

/** The place with this index in a row. The segment follows from the position. */
export function decodePlace(row: Buffer, index: number): Omit<EventPlace, 'segment'> {
  const at = index * placeBytes;
  return {
    position: row.readUIntBE(at, wideBytes),
    offset: row.readUInt32BE(at + wideBytes),
    bytes: row.readUInt32BE(at + wideBytes + numberBytes),
  };
}

export function idKey(number: number, id: string): Buffer {
  const key = Buffer.allocUnsafe(numberBytes + id.length);
  key.writeUInt32BE(number, 0);
  key.write(id, numberBytes, 'latin1');
  return key;
}

/** A position or a version as key or row. */
export function encodeWide(value: number): Buffer {
  const row = Buffer.allocUnsafe(wideBytes);
  row.writeUIntBE(value, 0, wideBytes);
  return row;
}

export function decodeWide(row: Buffer): number {
  return row.readUIntBE(0, wideBytes);
}

export function encodeOffset(offset: number): Buffer {
  const row = Buffer.allocUnsafe(numberBytes);
  row.writeUInt32BE(offset, 0);
  return row;
}

export function decodeOffset(row: Buffer): number {
  return row.readUInt32BE(0);
}
