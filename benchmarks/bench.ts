/**
 * `npm run bench`: measures the store against others in one run on one machine, prints medians with
 * their spread and ratios, and keeps everything in `benchmarks/results/`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { surroundingsOf } from './measure/surroundings.ts';
import { reachedGoals } from './report/goals.ts';
import { printComparison, printFigure } from './report/print-comparison.ts';
import type { Results, WorkloadResult } from './report/results.ts';
import { setup } from './setup.ts';
import { appendBatches, appendSizes, appendStreams } from './workloads/append-variants.ts';
import { dynamodbAppends } from './workloads/dynamodb-appends.ts';
import { dynamodbSubscribers } from './workloads/dynamodb-subscribers.ts';
import { dynamodbWriteUnits } from './workloads/dynamodb-write-units.ts';
import { feedFiltered } from './workloads/feed-filtered.ts';
import { feedReplay } from './workloads/feed-replay.ts';
import { growth } from './workloads/growth.ts';
import { singleAppend } from './workloads/single-append.ts';
import { startUp } from './workloads/start-up.ts';
import { streamRead } from './workloads/stream-read.ts';
import { subscribers } from './workloads/subscribers.ts';
import type { Settings, Workload } from './workloads/workload.ts';

const workloads: readonly Workload[] = [
  singleAppend,
  appendBatches,
  appendStreams,
  appendSizes,
  streamRead,
  feedReplay,
  feedFiltered,
  subscribers,
  startUp,
  growth,
  dynamodbAppends,
  dynamodbSubscribers,
  dynamodbWriteUnits,
];

const { values: flags } = parseArgs({
  options: {
    setup: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: workloads.map(({ name }) => name) },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    events: { type: 'string', default: '1000000' },
    'growth-events': { type: 'string', default: '10000000' },
    connections: { type: 'string', multiple: true, default: ['1', '16', '64', '256'] },
    directory: { type: 'string', default: tmpdir() },
  },
});

if (flags.setup) setup();
else await measure();

async function measure(): Promise<void> {
  const unknown = flags.only.filter((each) => workloads.every(({ name }) => name !== each));
  if (unknown.length > 0) throw new Error(`there is no workload ${unknown.join(', ')}`);
  const directory = mkdtempSync(join(flags.directory, 'event-store-bench-'));
  // Whatever is temporary goes there as well. Servers may still be writing while they end.
  process.env.TMPDIR = directory;
  process.on('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const surroundings = surroundingsOf(directory);
  const settings: Settings = {
    directory,
    rounds: Number(flags.rounds),
    seconds: Number(flags.seconds),
    events: Number(flags.events),
    growthEvents: Number(flags['growth-events']),
    connections: flags.connections.map(Number),
    report: (line) => console.error(line),
  };
  const results: WorkloadResult[] = [];
  for (const workload of workloads.filter(({ name }) => flags.only.includes(name))) {
    const own = { ...settings, directory: join(directory, workload.name) };
    const { name, title, about } = workload;
    console.log(`\n${title}`);
    try {
      const comparisons = await workload.run(own);
      results.push({ name, title, about, comparisons });
      for (const comparison of comparisons) console.log(printComparison(comparison));
    } catch (error) {
      console.error(`${name} is left out, because it failed:`, error);
      process.exitCode = 1;
    }
  }
  for (const { what, against, bound, value, isReached } of reachedGoals({ results })) {
    const goal = against === '' ? what : `${what}, against ${against}`;
    console.log(`${isReached ? 'reached' : 'MISSED '}  ${goal}: ${printFigure(value)}, goal ${bound}`);
  }
  const { rounds, seconds, events, growthEvents, connections } = settings;
  const when = new Date().toISOString();
  keep({ when, surroundings, settings: { rounds, seconds, events, growthEvents, connections }, results });
}

function keep(results: Results): void {
  const folder = join(import.meta.dirname, 'results');
  const file = join(folder, `${results.when.replaceAll(/[:.]/g, '-').toLowerCase()}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(`\nkept in ${file}`);
}
