/** Writes the index into LMDB, one synced transaction a batch. Lives in the indexer's own thread. */
import type { LogEnd } from '../format/head-file.ts';
import {
  decodeStreamRow,
  encodeOffset,
  encodePlaces,
  encodeStreamRow,
  encodeWide,
  type IndexTables,
  idKey,
  indexFormat,
  placesKey,
  placesPerRowMax,
  streamKey,
} from './lmdb-format.ts';
import type { EventPlace, IndexBatch, IndexEntry, IndexWriter } from './log-index.ts';

const coveredKey = Buffer.from('covered', 'latin1');

interface Meta {
  readonly format: number;
  readonly storeId: string;
  /** How many streams have a number. */
  readonly streams: number;
  readonly end: LogEnd;
}

interface StreamInBatch {
  readonly number: number;
  version: number;
  /** Of the last versions up to `version`; not yet in the table. */
  places: EventPlace[];
}

export class LmdbIndexWriter implements IndexWriter {
  readonly #tables: IndexTables;
  readonly #storeId: string;
  #meta: Meta | undefined;
  skippedVersions = 0;

  constructor(tables: IndexTables, storeId: string) {
    this.#tables = tables;
    this.#storeId = storeId;
    const row = tables.meta.get(coveredKey);
    const meta = row === undefined ? undefined : (JSON.parse(row.toString('utf8')) as Meta);
    if (meta?.format === indexFormat && meta.storeId === storeId) this.#meta = meta;
    else this.clear();
  }

  covered(): LogEnd | undefined {
    return this.#meta?.end;
  }

  write({ entries, anchors, covered }: IndexBatch): void {
    const { root, anchors: anchorTable, meta: metaTable, streams: streamTable } = this.#tables;
    const meta = root.transactionSync(() => {
      const streams = new Map<string, StreamInBatch>();
      let count = this.#meta?.streams ?? 0;
      for (const entry of entries) {
        let stream = streams.get(entry.streamId) ?? this.#known(entry.streamId);
        if (stream === undefined) stream = { number: ++count, version: 0, places: [] };
        streams.set(entry.streamId, stream);
        this.#add(entry, stream);
      }
      for (const [streamId, stream] of streams) {
        this.#putPlaces(stream);
        streamTable.putSync(streamKey(streamId), encodeStreamRow(stream));
      }
      for (const { position, offset } of anchors) anchorTable.putSync(encodeWide(position), encodeOffset(offset));
      const next = { format: indexFormat, storeId: this.#storeId, streams: count, end: covered };
      metaTable.putSync(coveredKey, Buffer.from(JSON.stringify(next), 'utf8'));
      return next;
    });
    this.#meta = meta;
  }

  clear(): void {
    const { root, meta, ...tables } = this.#tables;
    root.transactionSync(() => {
      for (const table of [meta, ...Object.values(tables)]) table.clearSync();
    });
    this.#meta = undefined;
    this.skippedVersions = 0;
  }

  close(): Promise<void> {
    return this.#tables.root.close();
  }

  #known(streamId: string): StreamInBatch | undefined {
    const row = this.#tables.streams.get(streamKey(streamId));
    return row && { ...decodeStreamRow(row), places: [] };
  }

  #add({ version, id, place }: IndexEntry, stream: StreamInBatch): void {
    this.skippedVersions += version - stream.version - 1;
    // Versions whose lines could not be read are missing: a row has no gaps.
    if (version !== stream.version + 1 || stream.places.length === placesPerRowMax) this.#putPlaces(stream);
    stream.version = version;
    stream.places.push(place);
    if (id !== undefined) this.#tables.ids.putSync(idKey(stream.number, id), encodeWide(version));
  }

  #putPlaces(stream: StreamInBatch): void {
    const { number, version, places } = stream;
    if (places.length === 0) return;
    this.#tables.places.putSync(placesKey(number, version - places.length + 1), encodePlaces(places));
    stream.places = [];
  }
}
