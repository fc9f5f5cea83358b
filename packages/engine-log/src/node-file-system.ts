/** The real disk; the only file of the engine that touches `node:fs`. */
import * as fs from 'node:fs';
import { systemClock } from '@event-store/core';
import type { FileHandle, FileSystem } from './file-system.ts';
import { SyncPace } from './sync-pace.ts';

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

/** Writes that return zero bytes so many times in a row are an error. */
const emptyWritesMax = 3;

class NodeFileHandle implements FileHandle {
  #descriptor: number;
  readonly #pace = new SyncPace();

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  async read(target: Uint8Array, at: number): Promise<number> {
    let done = 0;
    while (done < target.byteLength) {
      const bytes = await call<number>((callback) =>
        fs.read(this.#descriptor, target, done, target.byteLength - done, at + done, callback),
      );
      if (bytes === 0) break;
      done += bytes;
    }
    return done;
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
    if (!this.#pace.waits()) return call<void>((done) => fs.fdatasync(this.#descriptor, done));
    const startedMs = systemClock.monotonicMs();
    fs.fdatasyncSync(this.#descriptor);
    this.#pace.waited(systemClock.monotonicMs() - startedMs);
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
