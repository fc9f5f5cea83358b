import type { ServerResponse } from 'node:http';
import {
  AppendAnswerSchema,
  AppendBodySchema,
  type AppendResult,
  assert,
  type Clock,
  parseAppend,
  type StreamAppended,
} from '@event-store/core';
import type { Metrics } from '../../observability/metrics.ts';
import type { StoreAccess } from '../../store-access.ts';
import type { Backlog } from '../backlog.ts';
import { entityTag } from '../entity-tag.ts';
import { sendProblem } from '../problem.ts';
import { readBody } from '../read-body.ts';
import type { Exchange, Route } from '../route.ts';
import { sendJson } from '../send.ts';
import { streamIdIn, versionIn } from '../stream-path.ts';

interface Parts {
  readonly store: StoreAccess;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly backlog: Backlog;
}

/** `POST /:streamId` and `POST /:streamId/:version`: the one way to write. */
export function appendRoutes(parts: Parts): readonly Route[] {
  const route = {
    methods: ['POST'],
    tag: 'streams',
    body: AppendBodySchema,
    answers: { 200: { 'application/json': AppendAnswerSchema } },
    handle: (exchange: Exchange) => append(exchange, parts),
  } as const;
  return [
    { ...route, path: '/:streamId', summary: 'Append at the next version' },
    { ...route, path: '/:streamId/:version', summary: 'Append if and only if this is the next version' },
  ];
}

async function append(exchange: Exchange, { store, metrics, clock, backlog }: Parts): Promise<void> {
  const startedMs = clock.monotonicMs();
  const engine = store.engineForAppends;
  const streamId = streamIdIn(exchange.target);
  const expectedVersion = versionIn(exchange.target);
  const { limits } = engine.capabilities;
  const json = await readBody(exchange, { bytesMax: limits.bodyBytesMax, backlog });
  const result = await engine.append({ streams: [parseAppend(json, { streamId, expectedVersion, limits })] });
  metrics.appendDecided(result.outcome, clock.monotonicMs() - startedMs);
  answer(exchange.response, result);
}

function answer(response: ServerResponse, result: AppendResult): void {
  switch (result.outcome) {
    case 'appended':
      sendAppended(response, result.streams[0]);
      break;
    case 'replayed':
      sendAppended(response, result.streams[0], ['Idempotent-Replayed', 'true']);
      break;
    case 'version-conflict': {
      const { currentVersion } = result;
      const detail = `The stream is at version ${currentVersion}; the next one is ${currentVersion + 1}.`;
      sendProblem(response, { code: 'version-conflict', detail, details: { currentVersion } });
      break;
    }
    case 'event-id-reused': {
      const { index } = result;
      const detail = `The id of event ${index} was stored before with other content or in another append.`;
      sendProblem(response, { code: 'event-id-reused', detail, details: { index } });
      break;
    }
  }
}

function sendAppended(
  response: ServerResponse,
  appended: StreamAppended | undefined,
  headers: readonly string[] = [],
): void {
  assert(appended !== undefined, 'an append to one stream has one result');
  const { streamId, firstVersion, version, position } = appended;
  const lastMember = position === undefined ? '' : `,"position":${position}`;
  const body = `{"streamId":${JSON.stringify(streamId)},"firstVersion":${firstVersion},"version":${version}${lastMember}}`;
  const location = `/${encodeURIComponent(streamId)}/${version}`;
  sendJson(response, body, ['Location', location, 'ETag', entityTag(version), ...headers]);
}
