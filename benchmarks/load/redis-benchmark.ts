import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { findTool } from './find-tool.ts';
import type { LoadMeasurement } from './load-measurement.ts';

export interface RedisLoad {
  readonly port: number;
  readonly connections: number;
  readonly requests: number;
  /** How many commands a connection sends before it waits for their answers. */
  readonly pipelined: number;
  /** How many numbers `__rand_int__` stands for. */
  readonly numbers: number;
  readonly command: readonly string[];
  /** The last word of the command, which may be long. */
  readonly lastWord: string;
}

/** Commands by Redis' own load generator, which is in C as well. */
export async function redisBenchmark(load: RedisLoad): Promise<LoadMeasurement> {
  const { port, connections, requests, pipelined, numbers, command, lastWord } = load;
  const options = { '-p': port, '-c': connections, '-n': requests, '-P': pipelined, '-r': numbers };
  const words = Object.entries(options).flatMap(([option, value]) => [option, `${value}`]);
  const args = ['-x', ...words, ...command];
  const child = spawn(findTool('redis-benchmark'), args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(lastWord);
  return { requests, failures: 0, bytes: undefined, ...parseReport(await text(child.stdout)) };
}

/** What it prints, after lines of progress that overwrite one another. */
function parseReport(report: string): Pick<LoadMeasurement, 'requestsPerSecond' | 'latencyMs'> {
  const percentiles = [...report.matchAll(/^([\d.]+)% <= ([\d.]+) milliseconds/gm)].map((match) => match.map(Number));
  const summary = /avg +min +p50 +p95 +p99 +max\s+([\d.\s]+)/.exec(report)?.[1]?.trim().split(/\s+/).map(Number);
  const perSecond = /throughput summary: ([\d.]+) requests per second/.exec(report)?.[1];
  const p999 = percentiles.find(([, percent = 0]) => percent >= 99.9)?.[2];
  const [, , p50, , p99, max] = summary ?? [];
  if (p50 === undefined || p99 === undefined || max === undefined || p999 === undefined || perSecond === undefined) {
    throw new Error(`redis-benchmark printed something else: ${report.slice(-400)}`);
  }
  return { requestsPerSecond: Number(perSecond), latencyMs: { p50, p99, p999, max } };
}
