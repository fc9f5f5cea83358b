/**
 * The thread that writes the index, so that the thread that serves does not: started by
 * worker-indexer.ts, it reads the log's files and answers one request at a time.
 */
import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '@event-store/core';
import { isDiskFull } from '../file-system.ts';
import type { LogEnd } from '../format/head-file.ts';
import { nodeFileSystem } from '../node-file-system.ts';
import { DamagedLog } from '../segment/log-cursor.ts';
import type { IndexAnswer, IndexFailure, IndexRequest, IndexThreadData } from './index-messages.ts';
import { openTables } from './lmdb-format.ts';
import { LmdbIndexWriter } from './lmdb-index-writer.ts';
import { LogIndexer } from './log-indexer.ts';
import { tryRoom } from './try-room.ts';

assert(parentPort !== null, 'the index thread has a parent');
const port = parentPort;
const { indexDirectory, logDirectory, storeId, stepsOverDamage } = workerData as IndexThreadData;

const indexer = new LogIndexer({
  fileSystem: nodeFileSystem,
  directory: logDirectory,
  writer: new LmdbIndexWriter(openTables(indexDirectory), storeId),
  stepsOverDamage,
  progress: (position) => answer({ kind: 'progress', position }),
});

port.on('message', (request: IndexRequest) => {
  run(request).then(
    () => answer(done(request.kind === 'close' ? undefined : indexer.covered)),
    async (error: unknown) => answer({ kind: 'failed', ...failureOf(await causeOf(error)) }),
  );
});
answer(done(indexer.covered));

function done(covered: LogEnd | undefined): IndexAnswer {
  return { kind: 'done', covered, lostThrough: indexer.lostThrough };
}

async function run(request: IndexRequest): Promise<void> {
  if (request.kind === 'advance') return indexer.advance(request.end, request.segments);
  if (request.kind === 'clear') return indexer.clear();
  return indexer.close();
}

function answer(message: IndexAnswer): void {
  port.postMessage(message);
}

/**
 * LMDB calls it an I/O error when the disk took a part of a write, which is how a full disk begins;
 * whether it is full shows when something else is written.
 */
async function causeOf(error: unknown): Promise<unknown> {
  if ((error as { readonly code?: unknown }).code !== constants.errno.EIO) return error;
  return tryRoom(nodeFileSystem, indexDirectory).then(
    () => error,
    (cause: unknown) => (isDiskFull(cause) ? cause : error),
  );
}

/** LMDB reports the operating system's errors by number, and its own ones below zero. */
function failureOf(error: unknown): IndexFailure {
  const { message, code } = error as { readonly message: string; readonly code?: number | string };
  return {
    message,
    code: typeof code === 'number' ? (code > 0 ? getSystemErrorName(-code) : undefined) : code,
    damage: error instanceof DamagedLog ? error.place : undefined,
  };
}
