/** What a figure means nothing without: the machine, its disk, the commit, the versions. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { findTool } from '../load/find-tool.ts';
import { spreadOf } from './spread.ts';

export interface Surroundings {
  readonly commit: string;
  readonly changedFiles: number;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** What puts load on most of the contenders. */
  readonly wrk: string;
  /** The type of the file system below the data, as a hexadecimal magic number. */
  readonly fileSystemType: string;
  /** How long the disk takes to sync 4 KiB at the end of a file: what every durable write waits for. */
  readonly syncMs: { readonly median: number; readonly min: number; readonly max: number };
}

const tmpfs = 0x01021994;

/** @throws Error where the directory is in memory, because there a sync costs nothing. */
export function surroundingsOf(directory: string): Surroundings {
  const { type } = statfsSync(directory);
  if (type === tmpfs) throw new Error(`${directory} is in memory; choose a disk with --directory`);
  const processors = cpus();
  return {
    commit: git('rev-parse', 'HEAD').trim(),
    changedFiles: git('status', '--porcelain').split('\n').length - 1,
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    node: process.versions.node,
    wrk: wrkVersion(),
    fileSystemType: `0x${type.toString(16)}`,
    syncMs: syncMs(directory),
  };
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' });
}

/** It tells its version and then that it was used wrongly. */
function wrkVersion(): string {
  const { stdout } = spawnSync(findTool('wrk'), ['-v'], { encoding: 'utf8' });
  return stdout.split(' ').slice(0, 2).join(' ');
}

function syncMs(directory: string): Surroundings['syncMs'] {
  const folder = mkdtempSync(join(directory, 'sync-'));
  const file = openSync(join(folder, 'file'), 'w');
  const page = Buffer.alloc(4096);
  const times = Array.from({ length: 200 }, () => {
    writeSync(file, page);
    const startedMs = performance.now();
    fdatasyncSync(file);
    return performance.now() - startedMs;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return spreadOf(times);
}
