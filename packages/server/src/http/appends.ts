/** The one way to write: from a request's target and body to its answer, whoever reads and sends them. */
import {
  type AppendResult,
  assert,
  type Clock,
  jsonString,
  parseAppend,
  type StreamAppended,
  type StreamId,
} from '@event-store/core';
import type { Metrics } from '../observability/metrics.ts';
import type { StoreAccess } from '../store-access.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { entityTag } from './entity-tag.ts';
import { problemAnswer } from './problem.ts';
import { streamIdIn, versionIn } from './stream-path.ts';

export interface AppendParts {
  readonly store: StoreAccess;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** What the path of an append says. */
interface AppendTarget {
  readonly streamId: StreamId;
  readonly expectedVersion: number | undefined;
}

/** @throws EventStoreError `invalid-stream-id`, `reserved-stream-id`, `invalid-version`. */
export function appendTargetIn(target: string): AppendTarget {
  return { streamId: streamIdIn(target), expectedVersion: versionIn(target) };
}

/**
 * Begins an append. What is wrong with the request itself is thrown before anything has happened;
 * what goes wrong later rejects.
 */
export function beginAppend({ store }: AppendParts, target: AppendTarget, json: string): Promise<AppendResult> {
  const engine = store.engineForAppends;
  return engine.append({ streams: [parseAppend(json, { ...target, limits: engine.capabilities.limits })] });
}

/** What an append that began at `startedMs` is answered. */
export function appendAnswer({ metrics, clock }: AppendParts, result: AppendResult, startedMs: number): Answer<string> {
  metrics.appendDecided(result.outcome, clock.monotonicMs() - startedMs);
  return answerOf(result);
}

function answerOf(result: AppendResult): Answer<string> {
  switch (result.outcome) {
    case 'appended':
      return appendedAnswer(result.streams[0]);
    case 'replayed':
      return appendedAnswer(result.streams[0], ['Idempotent-Replayed', 'true']);
    case 'version-conflict': {
      const { currentVersion } = result;
      const detail = `The stream is at version ${currentVersion}; the next one is ${currentVersion + 1}.`;
      return problemAnswer({ code: 'version-conflict', detail, details: { currentVersion } });
    }
    case 'event-id-reused': {
      const { index } = result;
      const detail = `The id of event ${index} was stored before with other content or in another append.`;
      return problemAnswer({ code: 'event-id-reused', detail, details: { index } });
    }
  }
}

function appendedAnswer(appended: StreamAppended | undefined, headers: readonly string[] = []): Answer<string> {
  assert(appended !== undefined, 'an append to one stream has one result');
  const { streamId, firstVersion, version, position } = appended;
  const lastMember = position === undefined ? '' : `,"position":${position}`;
  const body = `{"streamId":${jsonString(streamId)},"firstVersion":${firstVersion},"version":${version}${lastMember}}`;
  const location = `/${encodeURIComponent(streamId)}/${version}`;
  return jsonAnswer(body, ['Location', location, 'ETag', entityTag(version), ...headers]);
}
