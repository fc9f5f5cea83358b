/** Events and appends in the short form that tests are written in. */
import assert from 'node:assert/strict';
import {
  type AppendResult,
  type ErrorCode,
  EventStoreError,
  type ProposedEvent,
  parseStreamId,
  type StorageEngine,
  type StreamAppended,
} from '@event-store/core';

/** A proposed event; what is not given is plain. */
export function proposed(event: Partial<ProposedEvent> = {}): ProposedEvent {
  return { type: 'Happened', data: '', id: undefined, metadata: undefined, ...event };
}

/** Proposed events with these ids. */
export function proposedWithIds(...ids: readonly string[]): readonly ProposedEvent[] {
  return ids.map((id) => proposed({ id }));
}

/** `count` proposed events that differ in their data. */
export function proposedSeries(count: number): readonly ProposedEvent[] {
  return Array.from({ length: count }, (_, index) => proposed({ data: base64Number(index) }));
}

/** A number as base64 of its eight decimal digits. */
export function base64Number(number: number): string {
  return btoa(String(number).padStart(8, '0'));
}

export interface AppendCall {
  readonly streamId: string;
  readonly expectedVersion?: number | undefined;
  /** One plain event when not given. */
  readonly events?: readonly ProposedEvent[];
}

export function append(
  engine: StorageEngine,
  { streamId, expectedVersion, events = [proposed()] }: AppendCall,
): Promise<AppendResult> {
  return engine.append({ streams: [{ streamId: parseStreamId(streamId), expectedVersion, events }] });
}

/** Appends, asserts that it was stored by this call, and says where. */
export async function store(engine: StorageEngine, call: AppendCall): Promise<StreamAppended> {
  return placeOf(await append(engine, call), 'appended');
}

/** Where the events of an append to one stream went, which must have had this outcome. */
export function placeOf(result: AppendResult, outcome: 'appended' | 'replayed'): StreamAppended {
  assert.equal(result.outcome, outcome, JSON.stringify(result));
  assert.ok(result.outcome === 'appended' || result.outcome === 'replayed');
  assert.equal(result.streams.length, 1);
  const [place] = result.streams;
  assert.ok(place !== undefined);
  return place;
}

export async function versionOf(engine: StorageEngine, streamId: string): Promise<number> {
  return engine.streamVersion(parseStreamId(streamId));
}

/** Asserts that `action` is refused with this code. */
export async function refused(action: () => Promise<unknown>, code: ErrorCode): Promise<void> {
  await assert.rejects(action, (error: unknown) => error instanceof EventStoreError && error.code === code);
}
