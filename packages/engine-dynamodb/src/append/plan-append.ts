/**
 * What becomes of one append, by what the table says: the rules of core's decide-append, fed with
 * what can be known from queries. Nothing is answered but from a consistent query of this call.
 */
import {
  type AppendResult,
  answerRetry,
  type CompareStep,
  decideAppend,
  type StoredEvent,
  type StreamAppend,
} from '@event-store/core';
import type { Head } from '../heads.ts';
import { batchOf, recordedEvent, type VersionRange } from '../items/event-item.ts';
import { decodeIdMarker, idMarkerPartition } from '../items/id-marker.ts';
import { readHead } from '../read-head.ts';
import { readItem } from '../read-items.ts';
import { readVersions } from '../read-stream.ts';
import type { World } from '../world.ts';

export type AppendPlan =
  /** Try to write behind this head. */
  { readonly step: 'write'; readonly head: Head } | { readonly step: 'answer'; readonly result: AppendResult };

/** Whether an append needs a marker: with an expected version, the events there tell a retry. */
export function needsIdMarker({ expectedVersion, events }: StreamAppend): boolean {
  return expectedVersion === undefined && events[0]?.id !== undefined;
}

/** Plans behind a head that is known, if the append may be the next there. */
export function planBehind(append: StreamAppend, head: Head): AppendPlan | undefined {
  const { expectedVersion } = append;
  return expectedVersion === undefined || expectedVersion === head.version + 1 ? { step: 'write', head } : undefined;
}

/** Plans by queries made now. */
export async function planByQuery(world: World, append: StreamAppend): Promise<AppendPlan> {
  const { streamId, expectedVersion, events } = append;
  const firstId = events[0]?.id;
  const marked = needsIdMarker(append) ? await readMarker(world, append) : undefined;
  const head = await readHead(world, streamId);
  const headVersion = Math.max(head.version, marked === undefined ? 0 : marked.firstVersion + marked.count - 1);
  const firstIdVersion =
    marked?.firstVersion ??
    (firstId !== undefined && expectedVersion !== undefined && expectedVersion <= headVersion
      ? await versionIfId(world, { streamId, version: expectedVersion, id: firstId })
      : undefined);
  const decision = decideAppend(append, {
    headVersion,
    versionOfId: (id) => (id === firstId ? firstIdVersion : undefined),
  });
  if (decision.step === 'append') return { step: 'write', head };
  return decision.step === 'answer' ? decision : { step: 'answer', result: await compare(world, append, decision) };
}

async function readMarker(world: World, { streamId, events }: StreamAppend): Promise<VersionRange | undefined> {
  const partition = idMarkerPartition({ streamId, eventId: events[0]?.id ?? '' });
  const marker = await readItem(world, { partition, sort: 1 });
  return marker && decodeIdMarker(marker);
}

/** The version, if the event there, which is known to exist, has this id. */
async function versionIfId(
  world: World,
  { streamId, version, id }: { streamId: string; version: number; id: string },
): Promise<number | undefined> {
  const [item] = await readVersions(world, { streamId, from: version, through: version });
  return item?.id === id ? version : undefined;
}

async function compare(world: World, append: StreamAppend, step: CompareStep): Promise<AppendResult> {
  const items = await readVersions(world, { streamId: append.streamId, from: step.from, through: step.through });
  const stored: readonly StoredEvent[] = items.map((item) => ({
    event: recordedEvent(item),
    commit: batchOf(item).firstVersion,
  }));
  return answerRetry(append, step, stored);
}
