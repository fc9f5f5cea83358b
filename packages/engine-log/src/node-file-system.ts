/** The real disk; the only file of the engine that touches `node:fs`. */
import * as fs from 'node:fs';
import { systemClock } from '@event-store/core';
import { CallPace } from './call-pace.ts';
import type { FileHandle, FileSystem } from './file-system.ts';

export const nodeFileSystem: FileSystem = {
  async open(path, mode) {
    const flags = { read: 'r', write: 'r+', create: 'w+' }[mode];
    return new NodeFileHandle(await call<number>((done) => fs.open(path, flags, 0o600, done)));
  },

  async syncDirectory(path) {
    const descriptor = await call<number>((done) => fs.open(path, 'r', done));
    try {
      await call<void>((done) => fs.fsync(descriptor, done));
    } finally {
      await call<void>((done) => fs.close(descriptor, done));
    }
  },

  makeDirectory: (path) => call<void>((done) => fs.mkdir(path, 0o700, done)),
  rename: (from, to) => call<void>((done) => fs.rename(from, to, done)),
  unlink: (path) => call<void>((done) => fs.unlink(path, done)),
  list: async (path) => (await call<string[]>((done) => fs.readdir(path, done))).sort(),

  async stat(path) {
    try {
      const found = await call<fs.Stats>((done) => fs.stat(path, done));
      const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
      return { kind, bytes: found.size };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
};

/** About what it costs to hand a sync to a thread, with some requests waiting meanwhile. */
const quickSyncMsMax = 0.5;
/** Much more than the page cache takes, and less than any disk. */
const quickReadMsMax = 0.03;
/** Copying more is worth a thread. */
const shortReadBytesMax = 64 * 1024;

/** Writes that return zero bytes so many times in a row are an error. */
const emptyWritesMax = 3;

class NodeFileHandle implements FileHandle {
  #descriptor: number;
  readonly #syncPace = new CallPace({ quickMsMax: quickSyncMsMax });
  readonly #readPace = new CallPace({ quickMsMax: quickReadMsMax });

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  async read(target: Uint8Array, at: number): Promise<number> {
    let done = 0;
    while (done < target.byteLength) {
      const bytes = await this.#readOnce(target, done, at + done);
      if (bytes === 0) break;
      done += bytes;
    }
    return done;
  }

  readAtOnce(target: Uint8Array, at: number): number | undefined {
    if (target.byteLength > shortReadBytesMax || !this.#readPace.waits()) return undefined;
    return this.#readOnTheSpot(target, at);
  }

  #readOnce(target: Uint8Array, offset: number, at: number): number | Promise<number> {
    const bytes = target.byteLength - offset;
    if (bytes <= shortReadBytesMax && this.#readPace.waits()) {
      return this.#readOnTheSpot(offset === 0 ? target : target.subarray(offset), at);
    }
    return call<number>((done) => fs.read(this.#descriptor, target, offset, bytes, at, done));
  }

  #readOnTheSpot(target: Uint8Array, at: number): number {
    return timed(this.#readPace, () => fs.readSync(this.#descriptor, target, 0, target.byteLength, at));
  }

  write(bytes: Uint8Array, at: number): void {
    let done = 0;
    let empty = 0;
    while (done < bytes.byteLength) {
      const written = fs.writeSync(this.#descriptor, bytes, done, bytes.byteLength - done, at + done);
      empty = written === 0 ? empty + 1 : 0;
      if (empty === emptyWritesMax)
        throw new Error(`the disk took none of ${bytes.byteLength - done} bytes, ${empty} times`);
      done += written;
    }
  }

  async sync(): Promise<void> {
    if (!this.#syncPace.waits()) return call<void>((done) => fs.fdatasync(this.#descriptor, done));
    timed(this.#syncPace, () => fs.fdatasyncSync(this.#descriptor));
  }

  truncate(bytes: number): Promise<void> {
    return call<void>((done) => fs.ftruncate(this.#descriptor, bytes, done));
  }

  close(): Promise<void> {
    const descriptor = this.#descriptor;
    // The number may soon be another file's; whoever still uses it is to fail.
    this.#descriptor = -1;
    return call<void>((done) => fs.close(descriptor, done));
  }
}

type Callback<T> = (error: NodeJS.ErrnoException | null, result?: T) => void;

/** A callback call as a promise; cheaper than `fs.promises`, whose file handles cost on every read. */
function call<T>(start: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error === null ? resolve(result as T) : reject(error)));
  });
}

function timed<T>(pace: CallPace, action: () => T): T {
  const startedMs = systemClock.monotonicMs();
  const result = action();
  pace.waited(systemClock.monotonicMs() - startedMs);
  return result;
}
