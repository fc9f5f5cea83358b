/** Reads the index from LMDB's memory map; sees what was committed at the last `refresh`. */
import type { ListStreamsRequest, StreamSummary } from '@event-store/core';
import {
  countPlaces,
  decodeOffset,
  decodePlace,
  decodePlacesKey,
  decodeStreamRow,
  decodeWide,
  encodeWide,
  type IndexTables,
  idKey,
  placesKey,
  type StreamRow,
  streamKey,
} from './lmdb-format.ts';
import type { Anchor, IndexReader, VersionedPlace, VersionRange } from './log-index.ts';

export class LmdbIndexReader implements IndexReader {
  readonly #tables: IndexTables;
  readonly #segmentOf: (position: number) => number;

  /** A read asks for one stream several times. */
  #lastStream: { readonly streamId: string; readonly row: StreamRow | undefined } | undefined;

  constructor(tables: IndexTables, segmentOf: (position: number) => number) {
    this.#tables = tables;
    this.#segmentOf = segmentOf;
  }

  streamVersion(streamId: string): number {
    return this.#stream(streamId)?.version ?? 0;
  }

  places({ streamId, from, through }: VersionRange): VersionedPlace[] {
    const stream = this.#stream(streamId);
    if (stream === undefined) return [];
    const { number } = stream;
    const { places } = this.#tables;
    const found: VersionedPlace[] = [];
    const take = (row: Buffer, start: number) => {
      const end = Math.min(through, start + countPlaces(row) - 1);
      for (let version = Math.max(from, start); version <= end; version++) {
        const { position, offset, bytes } = decodePlace(row, version - start);
        found.push({ version, position, segment: this.#segmentOf(position), offset, bytes });
      }
      return start + countPlaces(row);
    };
    // A row begins where the one before it ends, and to get one costs much less than to open a range.
    let next = from;
    let row = places.getBinaryFast(placesKey(number, next));
    if (row === undefined) {
      next = this.#firstVersionOfRow(number, from);
      row = places.getBinaryFast(placesKey(number, next));
    }
    for (; row !== undefined; row = next > through ? undefined : places.getBinaryFast(placesKey(number, next))) {
      next = take(row, next);
    }
    // Unless lines between them could not be read.
    const rest = { start: placesKey(number, next), end: placesKey(number, through + 1) };
    if (next <= through) {
      for (const { key, value } of places.getRange(rest)) take(value, decodePlacesKey(key).version);
    }
    return found;
  }

  versionOfId(streamId: string, id: string): number | undefined {
    const stream = this.#stream(streamId);
    const row = stream && this.#tables.ids.get(idKey(stream.number, id));
    return row && decodeWide(row);
  }

  anchorBefore(position: number): Anchor | undefined {
    for (const { key, value } of this.#tables.anchors.getRange({
      start: encodeWide(position),
      reverse: true,
      limit: 1,
    })) {
      const found = decodeWide(key);
      return { position: found, segment: this.#segmentOf(found), offset: decodeOffset(value) };
    }
    return undefined;
  }

  listStreams({ prefix, after, limit }: ListStreamsRequest): StreamSummary[] {
    const first = streamKey(prefix);
    const behind = Buffer.concat([streamKey(after), Buffer.from([0])]);
    const start = after === '' || Buffer.compare(first, behind) > 0 ? first : behind;
    const found: StreamSummary[] = [];
    for (const { key, value } of this.#tables.streams.getRange({ start, limit })) {
      const streamId = key.toString('utf8');
      if (!streamId.startsWith(prefix)) break;
      found.push({ streamId, version: decodeStreamRow(value).version });
    }
    return found;
  }

  refresh(): void {
    this.#lastStream = undefined;
    this.#tables.root.resetReadTxn();
  }

  close(): Promise<void> {
    return this.#tables.root.close();
  }

  /** Where the row begins in which a version stands, if it stands in one. */
  #firstVersionOfRow(number: number, version: number): number {
    const before = { start: placesKey(number, version), reverse: true, limit: 1 };
    for (const { key } of this.#tables.places.getRange(before)) {
      const row = decodePlacesKey(key);
      if (row.number === number) return row.version;
    }
    return version;
  }

  #stream(streamId: string): StreamRow | undefined {
    if (streamId === this.#lastStream?.streamId) return this.#lastStream.row;
    const row = this.#tables.streams.getBinaryFast(streamKey(streamId));
    this.#lastStream = { streamId, row: row && decodeStreamRow(row) };
    return this.#lastStream.row;
  }
}
