/**
 * Opens the index on disk, or a new one where the old cannot be used: everything in it can be
 * read from the log again.
 */
import type { EngineObserver } from '@event-store/core';
import { type FileSystem, isDiskFull } from '../file-system.ts';
import type { SegmentList } from '../segment/segment-list.ts';
import { dataFileName, openTables } from './lmdb-format.ts';
import { LmdbIndexReader } from './lmdb-index-reader.ts';
import type { Indexer, IndexReader } from './log-index.ts';
import { tryRoom } from './try-room.ts';
import { WorkerIndexer } from './worker-indexer.ts';

export interface OpenIndexOptions {
  readonly fileSystem: FileSystem;
  /** The index's own directory. */
  readonly directory: string;
  readonly logDirectory: string;
  readonly storeId: string;
  /** Whether the log is known to be damaged, and what is left of it is to be indexed. */
  readonly stepsOverDamage: boolean;
  /** Why the files that are there are not to be opened, where that is so. */
  readonly discardReason: string | undefined;
  readonly segments: SegmentList;
  readonly observer: EngineObserver;
  /** Told the position reached. */
  readonly progress: (position: number) => void;
}

export interface OpenIndex {
  readonly indexer: Indexer;
  readonly reader: IndexReader;
}

export async function openIndex(options: OpenIndexOptions): Promise<OpenIndex> {
  const { fileSystem, directory, logDirectory, storeId, stepsOverDamage, segments } = options;
  if ((await fileSystem.stat(directory)) === undefined) await fileSystem.makeDirectory(directory);
  // LMDB ends the process where its first pages find no room.
  if (!(await fileSystem.list(directory)).includes(dataFileName)) await tryRoom(fileSystem, directory);
  const data = { indexDirectory: directory, logDirectory, storeId, stepsOverDamage };
  const startAnew = async (reason: string) => {
    options.observer.notice?.({ level: 'warn', message: `The index is built anew: ${reason}` });
    await removeFiles(fileSystem, directory);
    await tryRoom(fileSystem, directory);
    return WorkerIndexer.start(data, options.progress);
  };
  const indexer =
    options.discardReason !== undefined
      ? await startAnew(options.discardReason)
      : await WorkerIndexer.start(data, options.progress).catch((error: unknown) => {
          if (isDiskFull(error)) throw error;
          return startAnew((error as Error).message);
        });
  return {
    indexer,
    reader: new LmdbIndexReader(openTables(directory), (position) => segments.holding(position).firstPosition),
  };
}

async function removeFiles(fileSystem: FileSystem, directory: string): Promise<void> {
  for (const name of await fileSystem.list(directory)) await fileSystem.unlink(`${directory}/${name}`);
}
