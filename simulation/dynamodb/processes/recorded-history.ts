/** What clients did and were told, as the checker reads it. An event is known by its type, which no other has. */
import type { AppendResult, RecordedEvent } from '@event-store/core';
import type { AppendAnswer, History as CheckedHistory, HistoryRecord, SeenEvent } from '../../checker/history.ts';
import type { FinalState } from '../check-history.ts';
import { eventNames, type History } from '../history.ts';

export interface Recorded {
  readonly history: History;
  readonly final: FinalState;
  /** Since when nothing is disturbed and nothing appended. */
  readonly healedMs: number;
}

export function recordedHistory({ history, final, healedMs }: Recorded): CheckedHistory {
  return [
    ...appendCalls(history),
    ...reads(history),
    ...history.connections,
    { kind: 'healed', atMs: healedMs },
    ...[...final.streams].map(
      ([streamId, events]) => ({ kind: 'stored', moment: 'healed', streamId, events: events.map(asSeen) }) as const,
    ),
    { kind: 'stored', moment: 'healed', events: final.feed.map(asSeen) },
  ];
}

export function asSeen({ streamId, version, position, type, time }: RecordedEvent): SeenEvent {
  return {
    streamId,
    version,
    type,
    content: type,
    ...(position !== undefined && { position }),
    ...(time !== undefined && { time }),
  };
}

function* appendCalls({ appends }: History): Generator<HistoryRecord> {
  for (const operation of appends) {
    const { number, streamId, expectedVersion, hasIds, attempts } = operation;
    const contents = eventNames(operation);
    for (const { startMs, endMs = Number.POSITIVE_INFINITY, result } of attempts) {
      yield {
        kind: 'append',
        client: 'a writer',
        invokedMs: startMs,
        returnedMs: endMs,
        request: number,
        streamId,
        contents,
        ...(expectedVersion !== undefined && { expectedVersion }),
        ...(hasIds && { ids: contents }),
        answer: answerOf(result),
      };
    }
  }
}

function answerOf(result: AppendResult | undefined): AppendAnswer {
  if (result === undefined) return { outcome: 'unknown', reason: 'no answer, or one that does not know' };
  if (result.outcome === 'version-conflict') return { outcome: 'conflict', currentVersion: result.currentVersion };
  if (result.outcome === 'event-id-reused') return { outcome: 'rejected', code: result.outcome };
  const [{ firstVersion, version }] = result.streams as readonly [(typeof result.streams)[0]];
  return { outcome: 'ok', firstVersion, version, isReplay: result.outcome === 'replayed' };
}

function* reads({ streamReads, feedReads }: History): Generator<HistoryRecord> {
  for (const { streamId, from, events, isWhole, startMs, endMs } of streamReads) {
    const saw = events.map(asSeen);
    const times = { invokedMs: startMs, returnedMs: endMs };
    yield { kind: 'stream-read', client: 'a reader', ...times, streamId, from, saw, isForward: true, isToEnd: isWhole };
  }
  for (const { after, events, isCaughtUp, startMs, endMs } of feedReads) {
    const through = events.at(-1)?.position ?? after;
    const times = { invokedMs: startMs, returnedMs: endMs };
    yield {
      kind: 'feed-read',
      client: 'a reader',
      ...times,
      after,
      saw: events.map(asSeen),
      through,
      isAtEnd: isCaughtUp,
    };
  }
}
