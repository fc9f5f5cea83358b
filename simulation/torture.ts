/** The full programme: every part for its share of the time. Never runs longer than it is told. */
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { arch, availableParallelism, release, type } from 'node:os';
import { systemClock } from '../packages/core/src/system-clock.ts';
import { encodeEntry, ledgerPath } from './programme/ledger.ts';
import { whyNot } from './programme/needs.ts';
import type { Part } from './programme/part.ts';
import { readArguments } from './programme/read-arguments.ts';
import { type PartReport, runPart } from './programme/run-part.ts';

const { durationMs, firstSeed, trialsMax, parts, isRecorded } = readArguments();
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

const startMs = systemClock.monotonicMs();
for (const [index, part] of parts.entries()) {
  const reason = whyNot(part.needs);
  if (reason !== undefined) skip(part, reason);
  else finish(await runPart(part, shareOf(part, parts.length - index)));
  if (interrupted.signal.aborted) break;
}
if (interrupted.signal.aborted) process.exitCode = 130;
// What a trial that was broken off still waits for keeps nobody waiting.
process.exit();

/** Of the time that is left, the same for each part that is left. */
function shareOf(part: Part, partsLeft: number) {
  const msLeft = durationMs - (systemClock.monotonicMs() - startMs);
  const say = progress(part);
  return {
    firstSeed,
    wanted: part.counts.full,
    ...(trialsMax && { trialsMax }),
    durationMsMax: msLeft / partsLeft,
    clock: systemClock,
    say,
    signal: interrupted.signal,
  };
}

/** At most one line every few seconds. */
function progress(part: Part): (text: string) => void {
  let saidMs = systemClock.monotonicMs();
  return (text) => {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - saidMs < 5_000) return;
    saidMs = nowMs;
    console.log(`  ${part.id} ${text}`);
  };
}

function skip({ id, title }: Part, reason: string): void {
  console.log(`${id} SKIPPED (${reason}): ${title}`);
  if (process.env.ALLOW_SKIP !== '1') process.exitCode = 1;
}

function finish(report: PartReport): void {
  const { part, trials, done, faults, figures, failure } = report;
  const hits = faults.planned === 0 ? '' : `, ${faults.hit} of ${faults.planned} faults hit`;
  const also = Object.entries(figures).map(([name, value]) => `, ${Math.round(value)} ${name}`);
  const seconds = Math.round(report.durationMs / 1_000);
  console.log(`${part.id} ${done} ${part.unit} in ${trials} trials, ${seconds} s${hits}${also.join('')}`);
  if (failure) {
    console.log(`${part.id} FAILED with seed ${failure.seed}: ${describe(failure.error)}`);
    console.log(`again: npm run torture -- --only ${part.id} --seed ${failure.seed} --trials 1`);
    process.exitCode = 1;
  }
  if (isRecorded) appendFileSync(ledgerPath, encodeEntry(report, thisRun()));
}

function describe(error: unknown): string {
  return error instanceof Error
    ? `${error.stack}${error.cause ? `\nbecause ${describe(error.cause)}` : ''}`
    : `${error}`;
}

function thisRun() {
  const git = (...args: readonly string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--', '.', `:!${ledgerPath}`) !== '';
  const commit = `${git('rev-parse', '--short', 'HEAD')}${isChanged ? '-changed' : ''}`;
  const machine = `${availableParallelism()} cores ${arch()}, ${type()} ${release().split('-')[0]}, Node.js ${process.version}`;
  return { date: new Date(systemClock.now()).toISOString().slice(0, 10), commit, machine };
}
