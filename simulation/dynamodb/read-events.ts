/** Events as objects from an engine's batches of lines. */
import type { RecordedEvent, StorageEngine, StreamId } from '@event-store/core';
import type { FinalState } from './check-history.ts';

const decoder = new TextDecoder();

export function parseLines(lines: Uint8Array): readonly RecordedEvent[] {
  const text = decoder.decode(lines).trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
}

export async function readEvents(
  batches: AsyncIterable<{ readonly lines: Uint8Array }>,
): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const { lines } of batches) events.push(...parseLines(lines));
  return events;
}

/** Everything that is stored, read through an engine that nothing disturbs. */
export async function readFinalState(
  engine: Pick<StorageEngine, 'readStream' | 'readFeed'>,
  streamIds: readonly StreamId[],
): Promise<FinalState> {
  const streams = new Map<string, readonly RecordedEvent[]>();
  for (const streamId of streamIds) {
    streams.set(streamId, await readEvents(engine.readStream({ streamId, from: 1, direction: 'forward' })));
  }
  return { streams, feed: await readEvents(engine.readFeed({ after: 0 })) };
}
