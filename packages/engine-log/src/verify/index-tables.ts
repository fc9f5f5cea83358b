/**
 * The index as it stands on the disk, opened so that nothing in it can change, and read by code of
 * its own; lmdb-format.ts draws the layout. A broken file may end the process that opens it.
 */
import { type Database, open } from 'lmdb';
import { indexFormat } from '../index/lmdb-format.ts';

export interface IndexCover {
  readonly segment: number;
  readonly offset: number;
  readonly position: number;
  readonly checksum: number;
}

export interface IndexPlace {
  readonly position: number;
  readonly offset: number;
  readonly bytes: number;
}

export class IndexTables {
  readonly #root;
  readonly #streams: Database<Buffer, Buffer>;
  readonly #places: Database<Buffer, Buffer>;
  readonly #ids: Database<Buffer, Buffer>;
  readonly #anchors: Database<Buffer, Buffer>;
  /** The end of what it covers; `undefined` when it is of another store, or of another release. */
  readonly covered: IndexCover | undefined;

  constructor(path: string, storeId: string) {
    const binary = { keyEncoding: 'binary', encoding: 'binary' } as const;
    this.#root = open<Buffer, Buffer>({ path, ...binary, readOnly: true, noSubdir: false, maxDbs: 8 });
    const table = (name: string) => this.#root.openDB<Buffer, Buffer>({ name, ...binary });
    [this.#streams, this.#places, this.#ids, this.#anchors] = [
      table('streams'),
      table('places'),
      table('ids'),
      table('anchors'),
    ];
    const row = table('meta').get(Buffer.from('covered', 'latin1'));
    const meta =
      row === undefined
        ? undefined
        : (JSON.parse(row.toString('utf8')) as { format: number; storeId: string; end: IndexCover });
    this.covered = meta?.format === indexFormat && meta.storeId === storeId ? meta.end : undefined;
  }

  stream(streamId: string): { readonly number: number; readonly version: number } | undefined {
    const row = this.#streams.get(Buffer.from(streamId, 'utf8'));
    return row && { number: row.readUInt32BE(0), version: row.readUIntBE(4, 6) };
  }

  place(number: number, version: number): IndexPlace | undefined {
    const key = Buffer.alloc(10);
    key.writeUInt32BE(number, 0);
    key.writeUIntBE(version, 4, 6);
    for (const row of this.#places.getRange({ start: key, reverse: true, limit: 1 })) {
      const index = version - row.key.readUIntBE(4, 6);
      if (row.key.readUInt32BE(0) === number && index < placesIn(row.value)) return placeIn(row.value, index);
    }
    return undefined;
  }

  versionOfId(number: number, id: string): number | undefined {
    const key = Buffer.alloc(4 + id.length, id, 'latin1');
    key.write(id, 4, 'latin1');
    key.writeUInt32BE(number, 0);
    return this.#ids.get(key)?.readUIntBE(0, 6);
  }

  *anchors(): Generator<{ readonly position: number; readonly offset: number }> {
    for (const { key, value } of this.#anchors.getRange())
      yield { position: key.readUIntBE(0, 6), offset: value.readUInt32BE(0) };
  }

  /** How much there is of everything. */
  counts(): { readonly places: number; readonly ids: number; readonly versions: number } {
    let versions = 0;
    for (const { value } of this.#streams.getRange()) versions += value.readUIntBE(4, 6);
    let places = 0;
    for (const { value } of this.#places.getRange()) places += placesIn(value);
    return { places, ids: this.#ids.getKeysCount(), versions };
  }

  /** Whose events stand at some positions, as far as it knows. */
  names(positions: ReadonlySet<number>): Map<number, { readonly streamId: string; readonly version: number }> {
    const found = new Map<number, { number: number; version: number }>();
    for (const { key, value } of this.#places.getRange()) {
      const [number, first] = [key.readUInt32BE(0), key.readUIntBE(4, 6)];
      for (let index = 0; index < placesIn(value); index++) {
        const { position } = placeIn(value, index);
        if (positions.has(position)) found.set(position, { number, version: first + index });
      }
    }
    const wanted = new Set([...found.values()].map(({ number }) => number));
    const streamIds = new Map<number, string>();
    for (const { key, value } of this.#streams.getRange()) {
      const number = value.readUInt32BE(0);
      if (wanted.has(number)) streamIds.set(number, key.toString('utf8'));
    }
    const named = [...found].flatMap(([position, { number, version }]) => {
      const streamId = streamIds.get(number);
      return streamId === undefined ? [] : [[position, { streamId, version }] as const];
    });
    return new Map(named);
  }

  close(): Promise<void> {
    return this.#root.close();
  }
}

const placeBytes = 14;

function placesIn(row: Buffer): number {
  return row.length / placeBytes;
}

function placeIn(row: Buffer, index: number): IndexPlace {
  const at = index * placeBytes;
  return { position: row.readUIntBE(at, 6), offset: row.readUInt32BE(at + 6), bytes: row.readUInt32BE(at + 10) };
}
