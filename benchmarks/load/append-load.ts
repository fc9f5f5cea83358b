import { execFile } from 'node:child_process';
import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AppendLoad, AppendMeasurement } from '../contenders/contender.ts';
import { findTool } from '../contenders/find-tool.ts';
import { appendBody } from './sample-event.ts';

const script = fileURLToPath(new URL('./append.lua', import.meta.url));

/**
 * Appends over HTTP by wrk, because a load generator in C leaves the cores to the servers.
 * It stops the clock with requests under way, so a store may hold up to one more per connection.
 */
export async function appendLoad(url: string, load: AppendLoad): Promise<AppendMeasurement> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'event-store-bench-'));
  const body = join(folder.path, 'body');
  writeFileSync(body, appendBody(load));
  const options = ['--threads', '1', '--connections', `${load.connections}`, '--duration', `${load.seconds}s`];
  const args = [...options, '--script', script, url, '--', body, `${load.streams}`];
  const { stdout } = await promisify(execFile)(findTool('wrk'), args);
  const result = JSON.parse(stdout.split('\n').findLast((line) => line.startsWith('{')) ?? '{}');
  const appends = result.requests - result.refused;
  return {
    appends,
    failures: result.refused + result.broken,
    eventsPerSecond: (appends * load.eventsPerAppend) / (result.microseconds / 1e6),
    latencyMs: {
      p50: result.p50 / 1_000,
      p99: result.p99 / 1_000,
      p999: result.p999 / 1_000,
      max: result.max / 1_000,
    },
  };
}

/** The names of the headers and members of an append's answer, in order. */
export async function answerShape(url: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/shape`, { method: 'POST', body: '{"type":"Asked","data":""}' });
  return [`${answer.status}`, ...answer.headers.keys(), ...Object.keys((await answer.json()) as object)];
}
