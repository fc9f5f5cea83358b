/** Writes the index into LMDB, one synced transaction a batch. Lives in the indexer's own thread. */
import type { LogEnd } from '../format/head-file.ts';
import {
  decodeStreamRow,
  encodeOffset,
  encodePlace,
  encodeStreamRow,
  encodeWide,
  type IndexTables,
  idKey,
  indexFormat,
  placeKey,
  streamKey,
} from './lmdb-format.ts';
import type { IndexBatch, IndexEntry, IndexWriter } from './log-index.ts';

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
}

export class LmdbIndexWriter implements IndexWriter {
  readonly #tables: IndexTables;
  readonly #storeId: string;
  #meta: Meta | undefined;

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
        if (stream === undefined) stream = { number: ++count, version: 0 };
        streams.set(entry.streamId, stream);
        this.#add(entry, stream);
      }
      for (const [streamId, stream] of streams) streamTable.putSync(streamKey(streamId), encodeStreamRow(stream));
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
  }

  close(): Promise<void> {
    return this.#tables.root.close();
  }

  #known(streamId: string): StreamInBatch | undefined {
    const row = this.#tables.streams.get(streamKey(streamId));
    return row && { ...decodeStreamRow(row) };
  }

  #add({ version, id, place }: IndexEntry, stream: StreamInBatch): void {
    stream.version = version;
    this.#tables.places.putSync(placeKey(stream.number, version), encodePlace(place));
    if (id !== undefined) this.#tables.ids.putSync(idKey(stream.number, id), encodeWide(version));
  }
}
