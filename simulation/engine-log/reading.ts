/** Reads of a part of the feed or of a stream, each checked against everything that is known before it. */
import { type FeedFilter, limits, parseStreamId, type ReadStreamRequest, type StorageEngine } from '@event-store/core';
import type { SeededRandom } from '../seeded-random.ts';
import { hold } from '../violation.ts';
import type { ClientKnowledge } from './client-knowledge.ts';
import { linesOf, parseLine, type StoredLine } from './history.ts';

interface Reading {
  readonly random: SeededRandom;
  readonly knowledge: ClientKnowledge;
}

export async function readFeedPart(engine: StorageEngine, { random, knowledge }: Reading): Promise<void> {
  const known = knowledge.position;
  const after = random.isTrue(0.5) ? 0 : random.below(known + 1);
  const limit = random.isTrue(0.5) ? undefined : 1 + random.below(6);
  const filter = random.isTrue(0.3) ? anyFilter(random) : undefined;
  const request = { after, ...(limit !== undefined && { limit }), ...(filter && { filter }) };
  const events: StoredLine[] = [];
  let through = after;
  let last: StoredLine | undefined;
  for await (const batch of engine.readFeed(request)) {
    for (const line of linesOf(batch.lines)) {
      last = see(line, knowledge);
      events.push(last);
    }
    through = batch.through;
    if (!batch.caughtUp) continue;
    hold('I9', through >= known, () => `the feed ended at ${through}, and ${known} was known`);
    const isWhole = last === undefined || last.position < through || (last.commit ?? last.position) === last.position;
    hold('I4', isWhole, () => `the feed ended at ${through} with a part of an append`);
  }
  hold(
    'I11',
    limit === undefined || events.length <= limit,
    () => `${events.length} events where ${limit} were wanted`,
  );
  if (filter === undefined) {
    const isDense = events.every(({ position }, index) => position === after + index + 1);
    hold('I11', isDense && through === after + events.length, () => `a read after ${after} to ${through} has gaps`);
  } else {
    const positions = events.map(({ position }) => position);
    knowledge.filteredReads.push({ after, through, positions, passes: (line) => passes(line, filter) });
  }
}

export async function readStreamPart(
  engine: StorageEngine,
  { random, knowledge, streamId }: Reading & { readonly streamId: string },
): Promise<void> {
  const known = knowledge.versionAtLeast(streamId);
  const direction = random.isTrue(0.7) ? 'forward' : 'backward';
  const from = 1 + random.below(known + 1);
  for (const line of linesAtOnce(engine, { streamId: parseStreamId(streamId), from, direction })) {
    hold('I2', see(line, knowledge).streamId === streamId, () => `${streamId} has at once ${line}`);
  }
  const versions: number[] = [];
  let last: StoredLine | undefined;
  for await (const { lines } of engine.readStream({ streamId: parseStreamId(streamId), from, direction })) {
    for (const line of linesOf(lines)) {
      last = see(line, knowledge);
      hold('I2', last.streamId === streamId, () => `${streamId} has an event of ${last?.streamId}`);
      versions.push(last.version);
    }
  }
  const step = direction === 'forward' ? 1 : -1;
  const first = direction === 'forward' ? from : Math.min(from, versions[0] ?? 0);
  const isDense = versions.every((version, index) => version === first + step * index);
  hold('I1', isDense, () => `${streamId} from ${from} ${direction} gives ${versions}`);
  if (direction === 'backward') {
    hold('I9', (versions[0] ?? 0) >= Math.min(from, known), () => `${streamId} began at ${versions[0]}, not ${from}`);
    return;
  }
  hold('I9', from + versions.length - 1 >= known, () => `${streamId} ended before ${known}`);
  const isWhole = last === undefined || (last.commit ?? last.position) === last.position;
  hold('I4', isWhole, () => `${streamId} ended at ${last?.version} with a part of an append`);
}

const room = Buffer.allocUnsafeSlow(limits.batchBytesMax);

/** What the engine has of a read without waiting for anything. */
function linesAtOnce(engine: StorageEngine, request: ReadStreamRequest): readonly string[] {
  const part = engine.readStreamAtOnce?.({ ...request, limit: limits.pageEventsMax }, room);
  return linesOf(room.subarray(0, part?.lineEnds.at(-1) ?? 0));
}

/** Notes a line; what was seen once must look the same for ever. */
function see(line: string, { seen }: ClientKnowledge): StoredLine {
  const event = parseLine(line);
  const before = seen.get(event.position);
  hold('I10', before === undefined || before === line, () => `${event.position} was ${before} and is ${line}`);
  seen.set(event.position, line);
  return event;
}

function anyFilter(random: SeededRandom): FeedFilter {
  const types = new Set([random.isTrue(0.5) ? 'Happened' : 'Noted']);
  if (random.isTrue(0.5)) return { types };
  return random.isTrue(0.5) ? { streamPrefix: 's' } : { types, streamPrefix: 's1' };
}

function passes({ type, streamId }: { type: string; streamId: string }, { types, streamPrefix = '' }: FeedFilter) {
  return (types === undefined || types.has(type)) && streamId.startsWith(streamPrefix);
}
