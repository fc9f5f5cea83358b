/**
 * One owner of a data directory: an SQLite file held with an exclusive lock, which the operating
 * system frees when the owner dies. The owner's process id stands in the file's `user_version`,
 * where others can read it without a lock.
 */
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '@event-store/core';
import { type FileSystem, readWholeFile } from './file-system.ts';

export const lockFileName = 'lock.db';

export interface DirectoryLock {
  release(): void;
}

/** @throws StartError `in-use` with the owner's process id. */
export async function lockDirectory(fileSystem: FileSystem, directory: string): Promise<DirectoryLock> {
  const path = `${directory}/${lockFileName}`;
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    tellOwner(database);
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw cause;
    throw new StartError(
      'in-use',
      `${directory} is in use by ${await describeOwner(fileSystem, path)}; stop it first`,
      { cause },
    );
  }
  return { release: () => database.close() };
}

/** The lock is held already; where a full disk does not take the process id, others are told less. */
function tellOwner(database: DatabaseSync): void {
  try {
    database.exec(`PRAGMA user_version = ${process.pid}`);
  } catch (error) {
    if (resultCode(error) !== sqliteFull) throw error;
  }
}

const sqliteFull = 13;

/** SQLITE_BUSY and SQLITE_LOCKED. */
function isBusy(error: unknown): boolean {
  return resultCode(error) === 5 || resultCode(error) === 6;
}

/** SQLite's primary result code. */
function resultCode(error: unknown): number {
  return ((error as { errcode?: number }).errcode ?? 0) & 0xff;
}

/** `user_version` is the big-endian number at byte 60 (the SQLite file format, section 1.3). */
const userVersionAt = 60;

async function describeOwner(fileSystem: FileSystem, path: string): Promise<string> {
  const content = await readWholeFile(fileSystem, path);
  return content && content.length >= userVersionAt + 4
    ? `process ${content.readUInt32BE(userVersionAt)}`
    : 'another process';
}
