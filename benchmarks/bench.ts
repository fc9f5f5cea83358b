/**
 * `npm run bench`: measures the store against others in one run on one machine, prints medians with
 * their spread and ratios, and keeps everything in `benchmarks/results/`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Spread } from './measure/spread.ts';
import { surroundingsOf } from './measure/surroundings.ts';
import { feedReplay } from './workloads/feed-replay.ts';
import { singleAppend } from './workloads/single-append.ts';
import { subscribers } from './workloads/subscribers.ts';
import type { Comparison, Settings, Workload } from './workloads/workload.ts';

const workloads: readonly Workload[] = [singleAppend, feedReplay, subscribers];

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: workloads.map(({ name }) => name) },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    events: { type: 'string', default: '2000000' },
    connections: { type: 'string', multiple: true, default: ['64', '256'] },
    directory: { type: 'string', default: tmpdir() },
  },
});

const directory = mkdtempSync(join(flags.directory, 'event-store-bench-'));
try {
  const surroundings = surroundingsOf(directory);
  const settings: Settings = {
    directory,
    rounds: Number(flags.rounds),
    seconds: Number(flags.seconds),
    events: Number(flags.events),
    connections: flags.connections.map(Number),
    report: (line) => console.error(line),
  };
  const results = [];
  for (const workload of workloads.filter(({ name }) => flags.only.includes(name))) {
    const own = join(directory, workload.name);
    const comparisons = await workload.run({ ...settings, directory: own });
    results.push({ name: workload.name, title: workload.title, comparisons });
    console.log(`\n${workload.title}`);
    for (const comparison of comparisons) print(comparison);
  }
  const { rounds, seconds, events, connections } = settings;
  const when = new Date().toISOString();
  keep({ when, surroundings, settings: { rounds, seconds, events, connections }, results });
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function print({ title, unit, contenders }: Comparison): void {
  console.log(`\n  ${title}, ${unit}`);
  for (const { name, figure, firstAgainstThis, anonymousMiBMax } of contenders) {
    const memory = anonymousMiBMax === undefined ? '' : `, RssAnon ${anonymousMiBMax.toFixed(0)} MiB at most`;
    console.log(`    ${name.padEnd(22)} ${printSpread(figure)}  ratio ${printSpread(firstAgainstThis)}${memory}`);
  }
}

function printSpread({ median, min, max }: Spread): string {
  const [middle, least, most] = [median, min, max].map((value) =>
    value >= 1_000 ? Math.round(value).toLocaleString('en') : value.toFixed(2),
  );
  return `${middle} (${least} to ${most})`;
}

function keep(result: Readonly<Record<string, unknown>> & { readonly when: string }): void {
  const file = join(import.meta.dirname, 'results', `${result.when.replaceAll(/[:.]/g, '-').toLowerCase()}.json`);
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(`\nkept in ${file}`);
}
