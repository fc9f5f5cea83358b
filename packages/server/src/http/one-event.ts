/** One event, by its stream and version. */
import { EventStoreError, type StorageEngine, type StreamId } from '@event-store/core';
import { jsonType } from './answer.ts';
import { type PlacedBody, placeOfLines, readToPlace } from './placed-body.ts';

export interface EventName {
  readonly streamId: StreamId;
  readonly version: number;
}

export const eventHeaders = ['Vary', 'Accept'] as const;

/**
 * Reads an event; gives the body.
 *
 * @throws EventStoreError `event-not-found`, `event-lost`, `event-corrupt`.
 */
export async function readEvent(engine: StorageEngine, event: EventName): Promise<Buffer> {
  const { streamId, version } = event;
  for await (const batch of engine.readStream({ streamId, from: version, limit: 1, direction: 'forward' })) {
    if (batch.count === 0 || batch.through !== version) break;
    return Buffer.from(batch.lines.subarray(0, -1));
  }
  await checkThere(engine, event);
  throw new EventStoreError('event-lost', 'This event was lost to damage and given up in a repair.', {
    details: { streamId, version },
  });
}

/** @throws EventStoreError `event-not-found`. */
async function checkThere(engine: StorageEngine, { streamId, version }: EventName): Promise<void> {
  if ((await engine.streamVersion(streamId)) >= version) return;
  throw new EventStoreError('event-not-found', 'The stream has no event with this version.', {
    details: { streamId, version },
  });
}

/** `undefined` when it would have to be waited for, or is not there. */
export function eventAtOnce(
  engine: StorageEngine,
  { streamId, version }: EventName,
  buffer: Buffer,
): PlacedBody | undefined {
  const part = readToPlace(engine, { streamId, from: version, limit: 1, direction: 'forward' }, buffer);
  const [lineEnd] = part?.lineEnds ?? [];
  if (lineEnd === undefined) return undefined;
  return { start: placeOfLines, end: placeOfLines + lineEnd - 1, headers: [...jsonType, ...eventHeaders] };
}
