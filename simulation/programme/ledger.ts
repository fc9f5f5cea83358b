/**
 * The ledger of all recorded runs: one JSON object a line, one line for each part that ran. The
 * totals of the documentation are sums over it, so nothing in it is ever changed.
 */
import { readFileSync } from 'node:fs';
import type { Part } from './part.ts';
import type { PartReport } from './run-part.ts';

export const ledgerPath = 'simulation/ledger.ndjson';

export interface LedgerEntry {
  /** Day of the run, UTC. */
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly part: string;
  readonly seed: number;
  readonly trials: number;
  readonly done: number;
  readonly faults?: PartReport['faults'];
  readonly figures?: PartReport['figures'];
  readonly seconds: number;
  /** The seed that failed, where one did. */
  readonly failedSeed?: number;
  /** Added by hand: what the failure turned out to be. */
  readonly note?: string;
}

export function encodeEntry(report: PartReport, run: Pick<LedgerEntry, 'date' | 'commit' | 'machine'>): string {
  const { part, firstSeed, trials, done, faults, figures, durationMs, failure } = report;
  const entry: LedgerEntry = {
    ...run,
    part: part.id,
    seed: firstSeed,
    trials,
    done,
    ...(faults.planned > 0 && { faults }),
    ...(Object.keys(figures).length > 0 && { figures }),
    seconds: Math.round(durationMs / 1_000),
    ...(failure && { failedSeed: failure.seed }),
  };
  return `${JSON.stringify(entry)}\n`;
}

export function readLedger(text = readFileSync(ledgerPath, 'utf8')): readonly LedgerEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** The table of totals as it stands in the documentation, a row for each part. */
export function totalsTable(entries: readonly LedgerEntry[], parts: readonly Part[]): string {
  const rows = parts.map((part) =>
    totalsRow(
      part,
      entries.filter((entry) => entry.part === part.id),
    ),
  );
  return [
    '| part | what is tried | tried so far | before 1.0 | faults that hit | also counted | hours |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function totalsRow(part: Part, entries: readonly LedgerEntry[]): string {
  const sum = (take: (entry: LedgerEntry) => number) => entries.reduce((total, entry) => total + take(entry), 0);
  const planned = sum(({ faults }) => faults?.planned ?? 0);
  const hit = sum(({ faults }) => faults?.hit ?? 0);
  const names = [...new Set(entries.flatMap(({ figures = {} }) => Object.keys(figures)))].sort();
  const figures = names.map((name) => `${count(sum(({ figures: each = {} }) => each[name] ?? 0))} ${name}`);
  const cells = [
    part.id,
    part.title,
    `${count(sum(({ done }) => done))} ${part.unit}`,
    count(part.counts.goal),
    planned === 0 ? '' : `${count(hit)} of ${count(planned)}`,
    figures.join(', '),
    (sum(({ seconds }) => seconds) / 3_600).toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |').replaceAll('|  |', '| |');
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}
