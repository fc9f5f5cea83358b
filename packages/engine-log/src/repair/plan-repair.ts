/** Works out what a repair has to do, and what it gives up, without changing anything. */
import { StartError } from '@event-store/core';
import type { FileSystem } from '../file-system.ts';
import type { LostEvent } from '../format/lost-line.ts';
import type { CheckedLog } from '../verify/check-log.ts';
import type { Finding } from '../verify/finding.ts';
import type { OpenIndexWitness } from '../verify/index-witness.ts';
import { type Loss, walkLog } from '../verify/walk-log.ts';
import { indexDirectories } from './index-aside.ts';
import { type EventName, nameLostEvents, unknownStreamId } from './lost-events.ts';
import { readClaims } from './read-claims.ts';

export interface RepairPlan {
  readonly log: CheckedLog;
  /** What is wrong with the directory as a whole. */
  readonly findings: readonly Finding[];
  /** The events to give up, by position. */
  readonly lost: readonly LostEvent[];
  /** How many of them cannot be told to be of which stream. */
  readonly unknownEvents: number;
}

export interface PlanOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly storeId: string;
  readonly findings: readonly Finding[];
  readonly openIndex: OpenIndexWitness;
}

/** @throws StartError `foreign-data` when the log contradicts itself, which no repair can put right. */
export async function planRepair(log: CheckedLog, options: PlanOptions): Promise<RepairPlan> {
  const { fileSystem, findings } = options;
  const contradiction = findings.find(({ kind }) => kind === 'inconsistent') ?? unrepairable(log.losses);
  if (contradiction !== undefined) {
    const { file, offset, text } = contradiction;
    throw new StartError(
      'foreign-data',
      `${file}, byte ${offset}: ${text}. No repair can put that right; restore the directory from a copy.`,
    );
  }
  const positions = log.losses.flatMap(({ position, lastPosition }) =>
    Array.from({ length: Math.max(0, lastPosition - position + 1) }, (_, index) => position + index),
  );
  const isLossy = positions.length > 0;
  const index = isLossy ? await namesInIndexes(options, positions) : new Map<number, EventName>();
  const claims: ReadonlyMap<number, EventName> = isLossy ? await readClaims(fileSystem, log.losses) : new Map();
  const lastVersion = (streamId: string) => log.history.versions.get(streamId);
  const positionOf = await neighbours(log, [...index.values(), ...claims.values()]);
  const { versionGaps } = log.history;
  const lost = nameLostEvents({ positions, versionGaps, index, claims, lastVersion, positionOf });
  if (lost === undefined) {
    throw new StartError(
      'foreign-data',
      'The log lacks more versions than positions. No repair can put that right; restore the directory from a copy.',
    );
  }
  const unknownEvents = lost.filter(({ streamId }) => streamId === unknownStreamId).length;
  return { log, findings, lost, unknownEvents };
}

/** What the indexes say of positions; one that cannot be read says nothing. */
async function namesInIndexes(
  { fileSystem, directory, storeId, openIndex }: PlanOptions,
  positions: readonly number[],
): Promise<ReadonlyMap<number, EventName>> {
  const names = new Map<number, EventName>();
  for (const each of await indexDirectories(fileSystem, directory)) {
    const index = await openIndex({ directory: each, storeId }).catch(() => undefined);
    const found = await index?.names(positions).catch(() => undefined);
    for (const [position, event] of found ?? []) names.set(position, event);
    await index?.close();
  }
  return names;
}

/** Where bytes that were no lines stand between two lines, these must follow from each other. */
function unrepairable(losses: readonly Loss[]): { file: string; offset: number; text: string } | undefined {
  const loss = losses.find(
    ({ position, lastPosition, before, after }) => lastPosition < position && before !== after && after !== undefined,
  );
  return (
    loss && {
      file: loss.segment?.file ?? 'log',
      offset: loss.offset,
      text: 'the line behind it does not follow from the one before it',
    }
  );
}

/** Where the lines stand between which lost ones must have stood. */
async function neighbours(
  { history, walk }: CheckedLog,
  named: readonly EventName[],
): Promise<(event: EventName) => number | undefined> {
  const places = new Map<string, number | undefined>();
  const nameOf = ({ streamId, version }: EventName) => `${version} ${streamId}`;
  for (const { streamId, from } of history.versionGaps) places.set(nameOf({ streamId, version: from - 1 }), undefined);
  for (const { streamId } of named)
    places.set(nameOf({ streamId, version: history.versions.get(streamId) }), undefined);
  if (places.size > 0) {
    for await (const walked of walkLog(walk)) {
      for (const each of walked) {
        const line = each.kind === 'line' ? each.line : undefined;
        if (line !== undefined && places.has(nameOf(line))) places.set(nameOf(line), line.position);
      }
    }
  }
  return (event) => places.get(nameOf(event));
}
