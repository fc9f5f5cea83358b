/** Reads everything that a store serves, and checks that it is one history. */
import assert from 'node:assert/strict';
import { parseStreamId, type StorageEngine } from '@event-store/core';

export interface StoredLine {
  readonly streamId: string;
  readonly version: number;
  readonly type: string;
  readonly data: string;
  readonly id?: string;
  readonly time?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly position: number;
  readonly commit?: number;
}

export function parseLine(line: string): StoredLine {
  return JSON.parse(line) as StoredLine;
}

/** Small, so that a read needs no more memory than a page. */
const pageEvents = 50;

/** Every line of the feed, as it was served. */
export async function feedLines(engine: StorageEngine): Promise<string[]> {
  const lines: string[] = [];
  for (let after = 0, caughtUp = false; !caughtUp; ) {
    for await (const batch of engine.readFeed({ after, limit: pageEvents })) {
      lines.push(...linesOf(batch.lines));
      after = batch.through;
      caughtUp = batch.caughtUp;
    }
  }
  return lines;
}

/** Every line of a stream, as it was served. */
export async function streamLines(engine: StorageEngine, streamId: string): Promise<string[]> {
  const lines: string[] = [];
  const request = { streamId: parseStreamId(streamId), from: 1, direction: 'forward' } as const;
  for await (const batch of engine.readStream(request)) lines.push(...linesOf(batch.lines));
  return lines;
}

export function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString('utf8').split('\n').slice(0, -1);
}

/**
 * Checks that positions and versions are dense, that appends are whole, and that streams, their
 * versions and their list are what the feed says. Returns the feed.
 */
export async function checkedHistory(engine: StorageEngine): Promise<string[]> {
  const lines = await feedLines(engine);
  const streams = new Map<string, string[]>();
  let commit = 0;
  for (const [index, line] of lines.entries()) {
    const event = parseLine(line);
    assert.equal(event.position, index + 1, 'positions are dense');
    const stream = streams.get(event.streamId) ?? [];
    streams.set(event.streamId, stream);
    stream.push(line);
    assert.equal(event.version, stream.length, 'versions are dense');
    if (event.position > commit) commit = event.commit ?? event.position;
    else assert.equal(event.commit ?? event.position, commit, 'appends do not overlap');
  }
  assert.ok(commit <= lines.length, 'the last append is whole');
  for (const [streamId, expected] of streams) {
    assert.deepEqual(await streamLines(engine, streamId), expected);
    assert.equal(await engine.streamVersion(parseStreamId(streamId)), expected.length);
  }
  const listed = await engine.listStreams({ prefix: '', after: '', limit: 1_000 });
  assert.deepEqual(
    listed,
    [...streams.keys()].sort().map((streamId) => ({ streamId, version: streams.get(streamId)?.length })),
  );
  return lines;
}
