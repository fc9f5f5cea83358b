import { execFile } from 'node:child_process';
import { globSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { percentilesOf } from '../measure/percentiles.ts';
import { findTool } from './find-tool.ts';
import type { LoadMeasurement } from './load-measurement.ts';

export interface PostgresLoad {
  readonly environment: NodeJS.ProcessEnv;
  /** A script of pgbench, run again and again. */
  readonly script: string;
  readonly connections: number;
  readonly seconds: number;
}

const warmUpSeconds = 2;

/**
 * Statements by PostgreSQL's own load generator, which is in C, prepared once a connection. Each
 * connection is a process that has to get to know the database, so the first seconds do not count.
 */
export async function pgbench({ environment, script, connections, seconds }: PostgresLoad): Promise<LoadMeasurement> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'event-store-bench-'));
  writeFileSync(join(folder.path, 'script'), script);
  const numbers = ['--client', `${connections}`, '--jobs', '1', '--time', `${seconds + warmUpSeconds}`];
  const args = ['--no-vacuum', '--protocol', 'prepared', ...numbers, '--file', 'script', '--log'];
  const { stdout } = await promisify(execFile)(findTool('pgbench'), args, { env: environment, cwd: folder.path });
  const failures = /^number of failed transactions: (\d+)/m.exec(stdout)?.[1];
  const transactions = transactionsIn(folder.path);
  if (failures === undefined || transactions.length === 0) throw new Error(`pgbench did nothing: ${stdout}`);
  const end = transactions.reduce((latest, { endedSeconds }) => Math.max(latest, endedSeconds), 0);
  const counted = transactions.filter(({ endedSeconds }) => endedSeconds > end - seconds);
  return {
    requests: transactions.length,
    failures: Number(failures),
    requestsPerSecond: counted.length / seconds,
    bytes: undefined,
    latencyMs: percentilesOf(counted.map(({ tookMs }) => tookMs)),
  };
}

/** A line each: client, number, how long in microseconds, script, and the time in seconds and microseconds. */
function transactionsIn(folder: string): readonly { readonly endedSeconds: number; readonly tookMs: number }[] {
  const lines = globSync(join(folder, 'pgbench_log.*')).flatMap((file) =>
    readFileSync(file, 'utf8').trim().split('\n'),
  );
  return lines
    .filter((each) => each !== '')
    .map((each) => {
      const [, , took, , seconds, microseconds] = each.split(' ').map(Number);
      return { endedSeconds: (seconds ?? 0) + (microseconds ?? 0) / 1e6, tookMs: (took ?? 0) / 1_000 };
    });
}
