/**
 * Reads as tests want them: all events, parsed. On the way every batch is held to the rules that
 * are the same for each read: its lines are whole, as core prints them, counted and within bounds.
 */
import assert from 'node:assert/strict';
import {
  type Batch,
  escapeLineBreaks,
  type FeedBatch,
  type FeedFilter,
  limits,
  openEventLine,
  parseStreamId,
  type ReadStreamRequest,
  type RecordedEvent,
  type StorageEngine,
} from '@event-store/core';

/** A batch without its bytes, which are valid only until the next one. */
interface ReadBatch {
  readonly events: readonly RecordedEvent[];
  readonly through: number;
}

interface ReadFeedBatch extends ReadBatch {
  readonly caughtUp: boolean;
}

interface StreamRead {
  readonly streamId: string;
  readonly from?: number;
  readonly limit?: number;
  readonly direction?: 'forward' | 'backward';
}

interface FeedRead {
  readonly after?: number;
  readonly limit?: number;
  readonly filter?: FeedFilter;
}

export async function streamBatches(engine: StorageEngine, read: StreamRead): Promise<readonly ReadBatch[]> {
  const { streamId, from = 1, direction = 'forward', ...rest } = read;
  const request = { streamId: parseStreamId(streamId), from, direction, ...rest };
  const atOnce = linesAtOnce(engine, request);
  const batches: ReadBatch[] = [];
  for await (const batch of engine.readStream(request)) {
    const events = parseLines(engine, batch);
    assert.ok(events.length > 0, 'a batch of a stream has events');
    assert.equal(batch.through, events.at(-1)?.version);
    const lines = decoder.decode(batch.lines).split('\n');
    for (const [index, { version }] of events.entries())
      assert.ok([lines[index], undefined].includes(atOnce.get(version)));
    batches.push({ events, through: batch.through });
  }
  return batches;
}

/**
 * What the engine has of a read without waiting, by version, if it has it: all that was there at that
 * moment, in the order asked for.
 */
function linesAtOnce(engine: StorageEngine, request: ReadStreamRequest): ReadonlyMap<number, string> {
  const { from, limit = limits.pageEventsMax, direction } = request;
  const into = Buffer.alloc(limits.batchBytesMax);
  const part = engine.readStreamAtOnce?.({ ...request, limit }, into);
  if (part === undefined) return new Map();
  const starts = [0, ...part.lineEnds];
  const lines = part.lineEnds.map((end, index) => decoder.decode(into.subarray(starts[index], end)));
  assert.ok(lines.every((line) => line.indexOf('\n') === line.length - 1));
  const byVersion = lines.map((line) => [parseLine(line).version, line.slice(0, -1)] as const);
  const [start, step] = direction === 'forward' ? [from, 1] : [Math.min(from, part.version), -1];
  const left = direction === 'forward' ? part.version - from + 1 : start;
  const expected = Array.from({ length: Math.max(0, Math.min(limit, left)) }, (_, index) => start + step * index);
  assert.deepEqual(
    byVersion.map(([version]) => version),
    expected,
  );
  return new Map(byVersion);
}

export async function readStream(engine: StorageEngine, read: StreamRead): Promise<readonly RecordedEvent[]> {
  return eventsOf(await streamBatches(engine, read));
}

/** The versions that a read of a stream answers. */
export async function streamVersions(engine: StorageEngine, read: StreamRead): Promise<readonly number[]> {
  return (await readStream(engine, read)).map(({ version }) => version);
}

export async function feedBatches(engine: StorageEngine, read: FeedRead = {}): Promise<readonly ReadFeedBatch[]> {
  const { after = 0, ...rest } = read;
  const batches: ReadFeedBatch[] = [];
  let cursor = after;
  for await (const batch of engine.readFeed({ after, ...rest })) {
    assert.equal(batches.at(-1)?.caughtUp ?? false, false, 'only the last batch is caught up');
    batches.push(readFeedBatch(engine, batch, cursor));
    cursor = batch.through;
  }
  assert.ok(batches.length > 0, 'a read of the feed has at least one batch');
  if (read.limit === undefined) assert.equal(batches.at(-1)?.caughtUp, true, 'a read without limit reaches the end');
  return batches;
}

function readFeedBatch(engine: StorageEngine, batch: FeedBatch, after: number): ReadFeedBatch {
  const events = parseLines(engine, batch);
  let last = after;
  for (const { position } of events) {
    assert.ok(position !== undefined && position > last, 'positions of the feed increase');
    last = position;
  }
  assert.ok(batch.through >= last, 'a batch was read through its last event');
  return { events, through: batch.through, caughtUp: batch.caughtUp };
}

export async function readFeed(engine: StorageEngine, read: FeedRead = {}): Promise<readonly RecordedEvent[]> {
  return eventsOf(await feedBatches(engine, read));
}

/** The positions that a read of the feed answers. */
export async function feedPositions(engine: StorageEngine, read: FeedRead = {}): Promise<readonly number[]> {
  return (await readFeed(engine, read)).map(({ position }) => position ?? 0);
}

export function eventsOf(batches: readonly ReadBatch[]): readonly RecordedEvent[] {
  return batches.flatMap(({ events }) => events);
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const strayLineBreak = /[\r\u0085\u2028\u2029]/;

function parseLines(engine: StorageEngine, { lines, count }: Batch): readonly RecordedEvent[] {
  assert.ok(count <= 1 || lines.byteLength <= engine.capabilities.limits.batchBytesMax, 'a batch is bounded');
  const text = decoder.decode(lines);
  assert.ok(count === 0 ? text === '' : text.endsWith('\n'), 'each line is ended by a line feed');
  const split = text.split('\n').slice(0, -1);
  assert.equal(split.length, count, 'a batch has as many lines as it says');
  return split.map(parseLine);
}

/** Parses a line and asserts that it begins exactly as core prints the event. */
function parseLine(line: string): RecordedEvent {
  assert.doesNotMatch(line, strayLineBreak);
  const event: RecordedEvent = JSON.parse(line);
  const { streamId, version, type, data, id, time, metadata, position } = event;
  assert.ok(time !== undefined, 'an event that an engine stored has a time');
  const printed = metadata === undefined ? undefined : escapeLineBreaks(JSON.stringify(metadata));
  const start = openEventLine({
    streamId,
    version,
    event: { type, data, id, metadata: printed },
    time,
    ...(position === undefined ? {} : { position }),
  });
  assert.ok(line.startsWith(start), `a line begins as core prints it: ${line.slice(0, 300)}`);
  return event;
}
