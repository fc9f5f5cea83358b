import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AppendLoad, AppendMeasurement } from '../contenders/contender.ts';

const script = fileURLToPath(new URL('./append.lua', import.meta.url));

/**
 * Single appends over HTTP by wrk, because a load generator in C leaves the cores to the servers.
 * It stops the clock with requests under way, so a store may hold up to one more per connection.
 */
export async function appendLoad(url: string, { connections, seconds }: AppendLoad): Promise<AppendMeasurement> {
  const args = [
    '--threads',
    '1',
    '--connections',
    `${connections}`,
    '--duration',
    `${seconds}s`,
    '--script',
    script,
    url,
  ];
  const { stdout } = await promisify(execFile)('wrk', args);
  const result = JSON.parse(stdout.split('\n').findLast((line) => line.startsWith('{')) ?? '{}');
  const appends = result.requests - result.refused;
  return {
    appends,
    failures: result.refused + result.broken,
    appendsPerSecond: appends / (result.microseconds / 1e6),
    latencyMs: {
      p50: result.p50 / 1_000,
      p90: result.p90 / 1_000,
      p99: result.p99 / 1_000,
      max: result.max / 1_000,
    },
  };
}

/** The names of the headers and members of an append's answer, in order. */
export async function answerShape(url: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/shape`, { method: 'POST', body: '{"type":"Asked","data":""}' });
  return [`${answer.status}`, ...answer.headers.keys(), ...Object.keys((await answer.json()) as object)];
}

/** @throws Error that says how to install wrk where it is missing. */
export function wrkVersion(): string {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'pipe' });
  } catch (error) {
    const { code, stdout } = error as { code?: string; stdout?: Buffer };
    if (code === 'ENOENT') throw new Error('wrk is needed to measure appends; on Debian: apt-get install -y wrk');
    return stdout?.toString().split(' ').slice(0, 2).join(' ') ?? 'unknown';
  }
  return 'unknown';
}
