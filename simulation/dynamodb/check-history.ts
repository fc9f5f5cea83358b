/** The invariants: each throws a Violation that names what is wrong. */
import type { RecordedEvent } from '@event-store/core';
import { hold } from '../violation.ts';
import { type AppendAttempt, type AppendOperation, eventNames, type History } from './history.ts';

/** What is stored in the end, as an undisturbed instance reads it. */
export interface FinalState {
  readonly streams: ReadonlyMap<string, readonly RecordedEvent[]>;
  readonly feed: readonly RecordedEvent[];
}

export function checkHistory(history: History, final: FinalState): void {
  checkStreams(final);
  checkFeed(final);
  const streams = new Map([...final.streams].map(([streamId, events]) => [streamId, namesOf(events)]));
  for (const operation of history.appends) checkAppend(operation, streams.get(operation.streamId) ?? namesOf([]));
  checkStreamReads(history, streams);
  checkFeedReads(history, final);
}

/** The names of a stream, and the version of each. */
interface StreamNames {
  readonly names: readonly string[];
  readonly versionOf: ReadonlyMap<string, number>;
}

function namesOf(events: readonly RecordedEvent[]): StreamNames {
  const names = events.map(({ type }) => type);
  return { names, versionOf: new Map(names.map((name, index) => [name, index + 1])) };
}

/** Versions 1, 2, 3, …; every append whole and at most once; times that do not go back. */
function checkStreams({ streams }: FinalState): void {
  for (const [streamId, events] of streams) {
    const seen = new Set<string>();
    let time = '';
    for (const [index, event] of events.entries()) {
      hold('I1', event.version === index + 1, `${streamId} has version ${event.version} as event ${index + 1}`);
      hold('I5', !seen.has(event.type), `${streamId} has ${event.type} twice`);
      seen.add(event.type);
      hold('I13', (event.time ?? time) >= time, `the times of ${streamId} go back at ${event.version}`);
      time = event.time ?? time;
    }
    checkWhole(
      streamId,
      events.map(({ type }) => type),
    );
  }
}

/** Each append's events stand together and are complete. */
function checkWhole(where: string, names: readonly string[]): void {
  for (let at = 0; at < names.length; ) {
    const [number, index, count] = (names[at] ?? '').split('-');
    hold('I4', index === '0', `${where} begins ${number} in its middle: ${names.slice(at, at + 3)}`);
    for (let offset = 0; offset < Number(count); offset++) {
      hold('I4', names[at + offset] === `${number}-${offset}-${count}`, `${where} has a part of append ${number}`);
    }
    at += Number(count);
  }
}

/** Positions 1, 2, 3, …; all events of all streams, each once, those of a stream in order. */
function checkFeed({ streams, feed }: FinalState): void {
  const next = new Map<string, number>();
  for (const [index, { position, streamId, version, type }] of feed.entries()) {
    hold('I2', position === index + 1, `the feed has position ${position} as event ${index + 1}`);
    hold(
      'I2',
      version === (next.get(streamId) ?? 1),
      `the feed has ${streamId} ${version} out of order at ${position}`,
    );
    hold('I2', streams.get(streamId)?.[version - 1]?.type === type, `the feed differs from ${streamId} at ${version}`);
    next.set(streamId, version + 1);
  }
  for (const [streamId, events] of streams) {
    hold('I2', (next.get(streamId) ?? 1) === events.length + 1, `the feed lacks events of ${streamId}`);
  }
}

function checkAppend(operation: AppendOperation, { names, versionOf }: StreamNames): void {
  const first = versionOf.get(`${operation.number}-0-${operation.count}`) ?? 0;
  const what = `append ${operation.number} to ${operation.streamId}`;
  if (first > 0 && operation.expectedVersion !== undefined) {
    hold('I7', first === operation.expectedVersion, `${what} expected ${operation.expectedVersion} and got ${first}`);
  }
  const toldVersion = operation.attempts[0]?.toldVersion ?? 0;
  hold('I9', first === 0 || first > toldVersion, `${what} is at ${first}, and ${toldVersion} was told before it began`);
  for (const attempt of operation.attempts) checkAttempt(operation, attempt, { first, names, what });
}

interface Stored {
  /** The version of the append's first event; 0 when it is not stored. */
  readonly first: number;
  /** The names of its stream. */
  readonly names: readonly string[];
  readonly what: string;
}

function checkAttempt(operation: AppendOperation, attempt: AppendAttempt, stored: Stored): void {
  const { result, toldVersion } = attempt;
  const { first, names, what } = stored;
  switch (result?.outcome) {
    case 'appended':
    case 'replayed': {
      const [place] = result.streams;
      hold('I3', place?.firstVersion === first, `${what} was told ${place?.firstVersion} and is at ${first}`);
      const told = names.slice(first - 1, place.version);
      hold('I3', told.join() === eventNames(operation).join(), `${what} was told ${place.version}`);
      break;
    }
    case 'version-conflict': {
      const { currentVersion } = result;
      const last = names[currentVersion - 1]?.split('-') ?? [];
      hold(
        'I8',
        currentVersion !== (operation.expectedVersion ?? 0) - 1,
        `${what} is told a conflict with what it expected`,
      );
      hold('I8', currentVersion >= toldVersion, `${what} is told ${currentVersion} after ${toldVersion}`);
      hold('I8', currentVersion <= names.length, `${what} is told ${currentVersion}, which never was`);
      hold(
        'I4',
        currentVersion === 0 || Number(last[1]) === Number(last[2]) - 1,
        `${what} is told the middle of an append`,
      );
      const isLast = operation.attempts.at(-1) === attempt;
      const isCertain = isLast && (operation.hasIds || operation.attempts.length === 1);
      hold('I6', first === 0 || !isCertain, `${what} is stored and was told a conflict`);
      break;
    }
    case 'event-id-reused':
      hold('I15', false, `${what} was told that its id is reused`);
  }
}

/** A read shows a part of the stream without a hole; at its end, whole appends, and all that anybody was told before. */
function checkStreamReads({ streamReads }: History, streams: ReadonlyMap<string, StreamNames>): void {
  for (const { streamId, from, events, toldVersion, isWhole } of streamReads) {
    const names = events.map(({ type }) => type);
    const stream = streams.get(streamId)?.names ?? [];
    const end = from + names.length - 1;
    hold('I10', names.join() === stream.slice(from - 1, end).join(), `a read of ${streamId} differs from it`);
    if (!isWhole) continue;
    hold('I9', end >= toldVersion, `a read of ${streamId} ends at ${end}, before ${toldVersion}`);
    const [, index, count] = (names.at(-1) ?? '0-0-1').split('-');
    hold('I4', Number(index) === Number(count) - 1, `a read of ${streamId} ends in the middle of an append`);
  }
}

/** A read shows a part of the feed without a gap; at its end is all that was acknowledged before. */
function checkFeedReads({ feedReads, acknowledged: appends }: History, { feed }: FinalState): void {
  const positionOf = new Map(feed.map(({ type, position }) => [type, position ?? 0]));
  const lastPositions = [0];
  for (const { number, count } of appends) {
    const position = positionOf.get(`${number}-0-${count}`) ?? Number.POSITIVE_INFINITY;
    lastPositions.push(Math.max(position, lastPositions.at(-1) ?? 0));
  }
  for (const { after, events, acknowledged, isCaughtUp } of feedReads) {
    const names = events.map(({ type }) => type);
    const expected = feed.slice(after, after + names.length).map(({ type }) => type);
    hold('I10', names.join() === expected.join(), `a read of the feed after ${after} differs from it`);
    hold(
      'I11',
      events.every(({ position }, index) => position === after + index + 1),
      'a read of the feed has a gap',
    );
    if (!isCaughtUp) continue;
    const through = after + names.length;
    const last = lastPositions[acknowledged] ?? 0;
    hold('I9', last <= through, `the feed ended at ${through}, and ${last} was acknowledged before it was read`);
  }
}
