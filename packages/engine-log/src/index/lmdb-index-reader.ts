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
    const first = this.#firstVersionOfRow(stream.number, from);
    const range = { start: placesKey(stream.number, first), end: placesKey(stream.number, through + 1) };
    const found: VersionedPlace[] = [];
    for (const { key, value } of this.#tables.places.getRange(range)) {
      const start = decodePlacesKey(key).version;
      const end = Math.min(through, start + countPlaces(value) - 1);
      for (let version = Math.max(from, start); version <= end; version++) {
        const place = decodePlace(value, version - start);
        found.push({ version, ...place, segment: this.#segmentOf(place.position) });
      }
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
    const row = this.#tables.streams.get(streamKey(streamId));
    return row && decodeStreamRow(row);
  }
}
