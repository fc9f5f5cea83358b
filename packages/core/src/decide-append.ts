/**
 * What becomes of an append, decided from what its stream holds: the one place of the rules that
 * keep versions dense and retries from being stored twice. Pure, in two steps, because comparing
 * with stored events may need the disk:
 *
 *     decideAppend ── append ──> store it       ── answer ──> give it
 *                  └─ compare ─> read the events it names, then answerRetry
 */
import type { AppendResult, StreamAppend } from './append.ts';
import { assert } from './errors.ts';
import { isSameEvent, type RecordedEvent } from './event.ts';

/** What a stream holds, with everything that was accepted before the append in question. */
export interface StreamState {
  /** The stream's version; 0 when it has no events. */
  readonly headVersion: number;
  /** The version of the stream's event with this id, if it has one. */
  readonly versionOfId: (id: string) => number | undefined;
}

export type AppendDecision =
  /** Store it; its first event gets this version. */
  | { readonly step: 'append'; readonly firstVersion: number }
  /** Store nothing, and give this answer. */
  | { readonly step: 'answer'; readonly result: AppendResult }
  | CompareStep;

/** It may be a retry of what was stored at `firstVersion`: read the events, then ask `answerRetry`. */
export interface CompareStep {
  readonly step: 'compare';
  readonly firstVersion: number;
  readonly headVersion: number;
  /** The first version to read: the neighbours show where the earlier append began and ended. */
  readonly from: number;
  /** The last version to read. */
  readonly through: number;
}

/** A stored event, with what tells appends apart. */
export interface StoredEvent {
  readonly event: RecordedEvent;
  /** The same number for the events of one append, and another for those of any other. */
  readonly commit: number;
}

/**
 * Decides one append. Ids are scoped to the stream. With an expected version, the events at that
 * version decide whether it is a retry; without, the ids do.
 */
export function decideAppend(append: StreamAppend, { headVersion, versionOfId }: StreamState): AppendDecision {
  const { expectedVersion, events } = append;
  const firstId = events[0]?.id;
  if (expectedVersion !== undefined && expectedVersion !== headVersion + 1) {
    const mayBeRetry =
      firstId !== undefined && expectedVersion <= headVersion && versionOfId(firstId) === expectedVersion;
    return mayBeRetry
      ? compareStep(append, { firstVersion: expectedVersion, headVersion })
      : { step: 'answer', result: versionConflict(append, headVersion) };
  }
  const index = events.findIndex(({ id }) => id !== undefined && versionOfId(id) !== undefined);
  if (index < 0) return { step: 'append', firstVersion: headVersion + 1 };
  const firstVersion = index === 0 && firstId !== undefined ? versionOfId(firstId) : undefined;
  return expectedVersion === undefined && firstVersion !== undefined
    ? compareStep(append, { firstVersion, headVersion })
    : { step: 'answer', result: eventIdReused(append, index) };
}

/**
 * Answers an append that may be a retry: `replayed` when the stored events at its versions are
 * exactly one whole append with the same ids and content, otherwise the conflict that it is.
 */
export function answerRetry(
  append: StreamAppend,
  { firstVersion, headVersion }: CompareStep,
  stored: readonly StoredEvent[],
): AppendResult {
  const { streamId, expectedVersion, events } = append;
  const byVersion = new Map(stored.map((entry) => [entry.event.version, entry]));
  const first = byVersion.get(firstVersion);
  assert(first !== undefined, 'the stored events begin at the version to compare');
  const version = firstVersion + events.length - 1;
  const isWhole = [...byVersion].every(
    ([at, { commit }]) => (commit === first.commit) === (at >= firstVersion && at <= version),
  );
  const hasSameIds = events.every(({ id }, index) => byVersion.get(firstVersion + index)?.event.id === id);
  const otherContent = events.findIndex((event, index) => {
    const entry = byVersion.get(firstVersion + index);
    return entry === undefined || !isSameEvent(entry.event, event);
  });
  if (isWhole && otherContent < 0) {
    const position = byVersion.get(version)?.event.position;
    return { outcome: 'replayed', streams: [{ streamId, firstVersion, version, position }] };
  }
  if (expectedVersion !== undefined) return versionConflict(append, headVersion);
  return eventIdReused(append, isWhole && hasSameIds ? otherContent : 0);
}

/** The versions of the append and one beside it on each side, as far as the stream goes. */
function compareStep(
  { events }: StreamAppend,
  { firstVersion, headVersion }: { firstVersion: number; headVersion: number },
): CompareStep {
  return {
    step: 'compare',
    firstVersion,
    headVersion,
    from: Math.max(1, firstVersion - 1),
    through: Math.min(headVersion, firstVersion + events.length),
  };
}

function versionConflict({ streamId }: StreamAppend, currentVersion: number): AppendResult {
  return { outcome: 'version-conflict', streamId, currentVersion };
}

/** `index` is the event that gives the reuse away: the first with other content, otherwise the first known one. */
function eventIdReused({ streamId, events }: StreamAppend, index: number): AppendResult {
  const eventId = events[index]?.id;
  assert(eventId !== undefined, 'a reused id is there');
  return { outcome: 'event-id-reused', streamId, eventId, index };
}
