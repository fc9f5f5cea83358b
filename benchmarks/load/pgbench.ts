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

/** Statements by PostgreSQL's own load generator, which is in C, prepared once a connection. */
export async function pgbench({ environment, script, connections, seconds }: PostgresLoad): Promise<LoadMeasurement> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'event-store-bench-'));
  writeFileSync(join(folder.path, 'script'), script);
  const numbers = ['--client', `${connections}`, '--jobs', '1', '--time', `${seconds}`];
  const args = ['--no-vacuum', '--protocol', 'prepared', ...numbers, '--file', 'script', '--log'];
  const { stdout } = await promisify(execFile)(findTool('pgbench'), args, { env: environment, cwd: folder.path });
  const perSecond = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
  const failures = /^number of failed transactions: (\d+)/m.exec(stdout)?.[1];
  if (/ processed: 0$/m.test(stdout)) throw new Error(`PostgreSQL answered nothing within ${seconds} s`);
  if (perSecond === undefined || failures === undefined) throw new Error(`pgbench printed ${stdout}`);
  const latencies = latenciesIn(folder.path);
  return {
    requests: latencies.length,
    failures: Number(failures),
    requestsPerSecond: Number(perSecond),
    bytes: undefined,
    latencyMs: percentilesOf(latencies),
  };
}

/** A line a transaction, whose third field is how long it took, in microseconds. */
function latenciesIn(folder: string): readonly number[] {
  const lines = globSync(join(folder, 'pgbench_log.*')).flatMap((file) =>
    readFileSync(file, 'utf8').trim().split('\n'),
  );
  return lines.map((line) => Number(line.split(' ')[2]) / 1_000);
}
