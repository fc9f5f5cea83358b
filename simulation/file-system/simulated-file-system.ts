/**
 * A disk in memory that can do everything that a real one does to a store: lose what was not
 * synced, tear it, refuse a call, fill up. Deterministic: the same calls and the same seed give
 * the same disk.
 */
import type { FileHandle, FileSystem } from '../../packages/engine-log/src/file-system.ts';
import { seededRandom } from '../seeded-random.ts';
import { type CrashChoice, crashed } from './crash.ts';
import {
  changeNames,
  copyOf,
  type DiskImage,
  durableDirectory,
  emptyDirectory,
  imageOf,
  type SimulatedDirectory,
  type SimulatedNode,
  syncNames,
} from './simulated-directory.ts';
import {
  durableFile,
  failSyncOfFile,
  type SimulatedFile,
  syncFile,
  truncateFile,
  writeFile,
} from './simulated-file.ts';

export type Operation =
  | 'open'
  | 'create'
  | 'read'
  | 'write'
  | 'sync'
  | 'truncate'
  | 'sync-directory'
  | 'make-directory'
  | 'rename'
  | 'unlink'
  | 'list'
  | 'stat'
  | 'close';

/** One call of the port; numbers count from 1. */
export interface SimulatedCall {
  readonly number: number;
  readonly operation: Operation;
  readonly path: string;
}

export interface SimulatedFileSystemOptions {
  /** What the disk is, from an earlier life; an empty one otherwise. */
  readonly state?: SimulatedDirectory;
  readonly sectorBytes?: number;
  /** Asked before each call; the error code that it fails with, if it does. */
  readonly fault?: (call: SimulatedCall) => string | undefined;
  /** Told before each call. */
  readonly observe?: (call: SimulatedCall) => void;
  readonly seed?: number;
  /** For how many turns of others a sync is under way before what it was asked for is on the disk; none if not given. */
  readonly syncTurns?: () => number;
}

const sectorBytesDefault = 512;

const systemCalls: Partial<Record<Operation, string>> = { sync: 'fdatasync', 'sync-directory': 'fsync' };

export class SimulatedFileSystem implements FileSystem {
  /** The files together may not have more bytes. */
  capacityBytes = Number.POSITIVE_INFINITY;
  /** How often a file was synced again after a sync of it had failed: it succeeds, and proves nothing. */
  syncsAfterFailure = 0;
  readonly sectorBytes: number;
  readonly #options: SimulatedFileSystemOptions;
  readonly #root: SimulatedDirectory;
  readonly #random;
  readonly #failedSyncs = new Set<SimulatedNode>();
  #calls = 0;
  #openFiles = 0;

  constructor(options: SimulatedFileSystemOptions = {}) {
    this.#options = options;
    this.#root = options.state ?? emptyDirectory();
    this.sectorBytes = options.sectorBytes ?? sectorBytesDefault;
    this.#random = seededRandom(options.seed ?? 1);
  }

  /** A disk that holds just this, all of it durable. */
  static holding(image: DiskImage, options: SimulatedFileSystemOptions = {}): SimulatedFileSystem {
    return new SimulatedFileSystem({ ...options, state: durableDirectory(image) });
  }

  /** Calls so far. */
  get calls(): number {
    return this.#calls;
  }

  get openFiles(): number {
    return this.#openFiles;
  }

  /** Bytes of all files together. */
  get usedBytes(): number {
    return filesUnder(this.#root).reduce((sum, { cache }) => sum + cache.length, 0);
  }

  /** Both worlds as they are now: what a process finds that was killed and started again. */
  state(): SimulatedDirectory {
    return copyOf(this.#root);
  }

  /** What is on the disk if the power goes now. */
  stateAfterCrash(choose: CrashChoice): SimulatedDirectory {
    return crashed(this.#root, choose, this.sectorBytes);
  }

  /** The durable world. */
  image(): DiskImage {
    return imageOf(this.#root);
  }

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<FileHandle> {
    this.#call(mode === 'create' ? 'create' : 'open', path);
    const { directory, name } = this.#place(path);
    let node = directory.cache.get(name);
    if (mode === 'create' && node === undefined) {
      node = { ...durableFile(Buffer.alloc(0)) };
      changeNames(directory, { removed: undefined, added: { name, node } });
    }
    if (node === undefined) throw failure('ENOENT', 'open', path);
    if (node.kind === 'directory') throw failure('EISDIR', 'open', path);
    if (mode === 'create') truncateFile(node, 0, this.sectorBytes);
    this.#openFiles++;
    return this.#handle(node, path);
  }

  async syncDirectory(path: string): Promise<void> {
    this.#call('sync-directory', path);
    syncNames(this.#directory(path));
  }

  async makeDirectory(path: string): Promise<void> {
    this.#call('make-directory', path);
    const { directory, name } = this.#place(path);
    if (directory.cache.has(name)) throw failure('EEXIST', 'mkdir', path);
    changeNames(directory, { removed: undefined, added: { name, node: emptyDirectory() } });
  }

  async rename(from: string, to: string): Promise<void> {
    this.#call('rename', from);
    const { directory, name: removed } = this.#place(from);
    const target = this.#place(to);
    if (target.directory !== directory) throw failure('EXDEV', 'rename', from);
    const node = directory.cache.get(removed);
    if (node === undefined) throw failure('ENOENT', 'rename', from);
    changeNames(directory, { removed, added: { name: target.name, node } });
  }

  async unlink(path: string): Promise<void> {
    this.#call('unlink', path);
    const { directory, name } = this.#place(path);
    if (!directory.cache.has(name)) throw failure('ENOENT', 'unlink', path);
    changeNames(directory, { removed: name, added: undefined });
  }

  async list(path: string): Promise<string[]> {
    this.#call('list', path);
    return [...this.#directory(path).cache.keys()].sort();
  }

  async stat(path: string): Promise<{ kind: 'file' | 'directory'; bytes: number } | undefined> {
    this.#call('stat', path);
    const node = this.#find(path);
    return node && { kind: node.kind, bytes: node.kind === 'file' ? node.cache.length : 0 };
  }

  #handle(file: SimulatedFile, path: string): FileHandle {
    const { sectorBytes } = this;
    let isOpen = true;
    const call = (operation: Operation) => {
      if (!isOpen) throw failure('EBADF', operation, path);
      this.#call(operation, path);
    };
    const read = (target: Uint8Array, at: number) => {
      call('read');
      const found = file.cache.subarray(at, at + target.byteLength);
      target.set(found);
      return found.length;
    };
    return {
      read: async (target, at) => read(target, at),
      readAtOnce: read,
      write: (bytes, at) => {
        const room = Math.min(bytes.length, Math.max(0, this.#room(file) - at));
        const isShort = room < bytes.length;
        try {
          call('write');
        } catch (error) {
          if (isOpen) writeFile(file, { bytes: bytes.subarray(0, Math.floor(room / 2)), at }, sectorBytes);
          throw error;
        }
        writeFile(file, { bytes: bytes.subarray(0, room), at }, sectorBytes);
        if (isShort) throw failure('ENOSPC', 'write', path);
      },
      sync: async () => {
        if (this.#failedSyncs.has(file)) this.syncsAfterFailure++;
        const begun = { ...file };
        try {
          call('sync');
        } catch (error) {
          this.#failedSyncs.add(file);
          failSyncOfFile(file, () => this.#random.isTrue(0.5), sectorBytes);
          throw error;
        }
        for (let turns = this.#options.syncTurns?.() ?? 0; turns > 0; turns--) await undefined;
        syncFile(file, begun, sectorBytes);
      },
      truncate: async (bytes) => {
        call('truncate');
        truncateFile(file, bytes, sectorBytes);
      },
      close: async () => {
        if (!isOpen) throw failure('EBADF', 'close', path);
        isOpen = false;
        this.#openFiles--;
        this.#call('close', path);
      },
    };
  }

  #call(operation: Operation, path: string): void {
    const call = { number: ++this.#calls, operation, path };
    this.#options.observe?.(call);
    const code = this.#options.fault?.(call);
    if (code !== undefined) throw failure(code, systemCalls[operation] ?? operation, path);
  }

  /** How long a file may be before the disk is full. */
  #room(file: SimulatedFile): number {
    const others = filesUnder(this.#root).reduce((sum, each) => sum + (each === file ? 0 : each.cache.length), 0);
    return Math.max(file.cache.length, this.capacityBytes - others);
  }

  #place(path: string): { directory: SimulatedDirectory; name: string } {
    const cut = path.lastIndexOf('/');
    return { directory: this.#directory(path.slice(0, cut)), name: path.slice(cut + 1) };
  }

  #directory(path: string): SimulatedDirectory {
    const node = this.#find(path);
    if (node === undefined) throw failure('ENOENT', 'open', path);
    if (node.kind === 'file') throw failure('ENOTDIR', 'open', path);
    return node;
  }

  #find(path: string): SimulatedNode | undefined {
    let node: SimulatedNode | undefined = this.#root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      node = node?.kind === 'directory' ? node.cache.get(name) : undefined;
    }
    return node;
  }
}

function filesUnder(directory: SimulatedDirectory): SimulatedFile[] {
  return [...directory.cache.values()].flatMap((node) => (node.kind === 'file' ? [node] : filesUnder(node)));
}

function failure(code: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall, path });
}
