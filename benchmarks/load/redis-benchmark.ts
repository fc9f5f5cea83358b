import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { AppendLoad, AppendMeasurement } from '../contenders/contender.ts';
import { findTool } from '../contenders/find-tool.ts';
import { eventType, sampleData } from './sample-event.ts';

export interface RedisLoad extends AppendLoad {
  readonly port: number;
  readonly appends: number;
  /** How many commands a connection sends before it waits for their answers. */
  readonly pipelined: number;
}

/** `XADD` by Redis' own load generator, in C as well. The streams are chosen by chance, not in turn. */
export async function redisBenchmark(load: RedisLoad): Promise<AppendMeasurement> {
  const { port, appends, connections, streams, dataBytes, pipelined } = load;
  const stream = streams === 1 ? ['account'] : ['-r', `${streams}`, 'account-__rand_int__'];
  const [key = '', ...random] = stream.toReversed();
  const options = ['-p', `${port}`, '-c', `${connections}`, '-n', `${appends}`, '-P', `${pipelined}`];
  const command = ['XADD', key, '*', 'type', eventType, 'data'];
  const args = ['-x', ...options, ...random.toReversed(), ...command];
  const child = spawn(findTool('redis-benchmark'), args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(sampleData(dataBytes));
  return { appends, failures: 0, ...parseReport(await text(child.stdout)) };
}

/** What it prints, after lines of progress that overwrite one another. */
function parseReport(report: string): Pick<AppendMeasurement, 'eventsPerSecond' | 'latencyMs'> {
  const percentiles = [...report.matchAll(/^([\d.]+)% <= ([\d.]+) milliseconds/gm)].map((match) => match.map(Number));
  const summary = /avg +min +p50 +p95 +p99 +max\s+([\d.\s]+)/.exec(report)?.[1]?.trim().split(/\s+/).map(Number);
  const perSecond = Number(/throughput summary: ([\d.]+) requests per second/.exec(report)?.[1]);
  const p999 = percentiles.find(([, percent = 0]) => percent >= 99.9)?.[2];
  const [, , p50, , p99, max] = summary ?? [];
  if (p50 === undefined || p99 === undefined || max === undefined || p999 === undefined || Number.isNaN(perSecond)) {
    throw new Error(`redis-benchmark printed something else: ${report.slice(-400)}`);
  }
  return { eventsPerSecond: perSecond, latencyMs: { p50, p99, p999, max } };
}
