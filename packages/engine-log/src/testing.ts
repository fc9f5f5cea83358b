/** What a simulation needs to stand in for the machine under the engine. */
export type { DirectoryLock } from './directory-lock.ts';
export type { FileHandle, FileSystem } from './file-system.ts';
export { openMemoryIndex } from './index/memory-index.ts';
export { type LogEnvironment, realEnvironment } from './open-log-engine.ts';
