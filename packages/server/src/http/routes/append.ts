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
import { entityTag } from '../entity-tag.ts';
import { sendProblem } from '../problem.ts';
import { Query } from '../query.ts';
import { readBody } from '../read-body.ts';
import type { Exchange, Route } from '../route.ts';
import { sendJson } from '../send.ts';
import { streamIdIn, versionIn } from '../stream-path.ts';
import { streamIdParameter, streamVersionParameters } from './parameters.ts';

/** `POST /:streamId` and `POST /:streamId/:version`: the one way to write. */
export function appendRoutes(parts: { store: StoreAccess; metrics: Metrics; clock: Clock }): readonly Route[] {
  const handle = (exchange: Exchange) => append(exchange, parts);
  const documentation = { tags: ['streams'], body: AppendBodySchema, response: { 200: AppendAnswerSchema } };
  return [
    {
      path: '/:streamId',
      methods: ['POST'],
      documentation: { ...documentation, summary: 'Append at the next version', params: streamIdParameter },
      handle,
    },
    {
      path: '/:streamId/:version',
      methods: ['POST'],
      documentation: {
        ...documentation,
        summary: 'Append if and only if this is the next version',
        params: streamVersionParameters,
      },
      handle,
    },
  ];
}

async function append(
  { request, response, target }: Exchange,
  { store, metrics, clock }: { store: StoreAccess; metrics: Metrics; clock: Clock },
): Promise<void> {
  const startedMs = clock.monotonicMs();
  const engine = store.engineForAppends;
  Query.refuse(target);
  const streamId = streamIdIn(target);
  const expectedVersion = versionIn(target);
  const { limits } = engine.capabilities;
  const json = await readBody(request, response, limits.bodyBytesMax);
  const result = await engine.append({ streams: [parseAppend(json, { streamId, expectedVersion, limits })] });
  metrics.appendDecided(result.outcome, clock.monotonicMs() - startedMs);
  answer(response, result);
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
