/** The index in memory: for tests and simulations, which start it absent, behind or ahead as they like. */
import { compareUtf8, type ListStreamsRequest, type StreamSummary } from '@event-store/core';
import type { LogEnd } from '../format/head-file.ts';
import type {
  Anchor,
  EventPlace,
  IndexBatch,
  IndexReader,
  IndexWriter,
  VersionedPlace,
  VersionRange,
} from './log-index.ts';
import { LogIndexer } from './log-indexer.ts';
import type { OpenIndex, OpenIndexOptions } from './open-index.ts';

/** Opens it empty: it is built from the log at every start. */
export async function openMemoryIndex({
  fileSystem,
  logDirectory,
  stepsOverDamage,
  progress,
}: OpenIndexOptions): Promise<OpenIndex> {
  const index = new MemoryIndex();
  return {
    reader: index,
    indexer: new LogIndexer({ fileSystem, directory: logDirectory, writer: index, stepsOverDamage, progress }),
  };
}

interface IndexedStream {
  version: number;
  readonly places: Map<number, EventPlace>;
  readonly versionsOfIds: Map<string, number>;
}

export class MemoryIndex implements IndexReader, IndexWriter {
  readonly #streams = new Map<string, IndexedStream>();
  #anchors: Anchor[] = [];
  #covered: LogEnd | undefined;
  skippedVersions = 0;

  streamVersion(streamId: string): number {
    return this.#streams.get(streamId)?.version ?? 0;
  }

  places({ streamId, from, through }: VersionRange): VersionedPlace[] {
    const found: VersionedPlace[] = [];
    const places = this.#streams.get(streamId)?.places;
    for (let version = from; version <= through; version++) {
      const place = places?.get(version);
      if (place !== undefined) found.push({ version, ...place });
    }
    return found;
  }

  versionOfId(streamId: string, id: string): number | undefined {
    return this.#streams.get(streamId)?.versionsOfIds.get(id);
  }

  anchorBefore(position: number): Anchor | undefined {
    return this.#anchors.findLast((anchor) => anchor.position <= position);
  }

  listStreams({ prefix, after, limit }: ListStreamsRequest): StreamSummary[] {
    return [...this.#streams]
      .map(([streamId, { version }]) => ({ streamId, version }))
      .filter(({ streamId }) => streamId.startsWith(prefix) && compareUtf8(streamId, after) > 0)
      .sort((a, b) => compareUtf8(a.streamId, b.streamId))
      .slice(0, limit);
  }

  refresh(): void {}

  covered(): LogEnd | undefined {
    return this.#covered;
  }

  write({ entries, anchors, covered }: IndexBatch): void {
    for (const { streamId, version, id, place } of entries) {
      const stream = this.#streams.get(streamId) ?? { version: 0, places: new Map(), versionsOfIds: new Map() };
      this.#streams.set(streamId, stream);
      this.skippedVersions += version - stream.version - 1;
      stream.version = version;
      stream.places.set(version, place);
      if (id !== undefined) stream.versionsOfIds.set(id, version);
    }
    this.#anchors.push(...anchors);
    this.#covered = covered;
  }

  clear(): void {
    this.#streams.clear();
    this.#anchors = [];
    this.#covered = undefined;
    this.skippedVersions = 0;
  }

  async close(): Promise<void> {}
}
