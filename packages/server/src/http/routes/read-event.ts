import type { ServerResponse } from 'node:http';
import { EventStoreError, RecordedEventSchema, type StorageEngine, type StreamId } from '@event-store/core';
import type { StoreAccess } from '../../store-access.ts';
import { jsonType } from '../answer.ts';
import { negotiate, pageOnly } from '../negotiate.ts';
import { type Route, readMethods } from '../route.ts';
import { sendHead, sendJson } from '../send.ts';
import { streamIdIn, versionIn } from '../stream-path.ts';

const vary = ['Vary', 'Accept'] as const;

/** `GET /:streamId/:version`: one event. */
export function readEventRoute(store: StoreAccess): Route {
  return {
    path: '/:streamId/:version',
    methods: readMethods,
    summary: 'Read one event',
    tag: 'streams',
    answers: { 200: { 'application/json': RecordedEventSchema } },
    handle: async ({ request, response, target }) => {
      const { engine } = store;
      const event = { streamId: streamIdIn(target), version: versionIn(target) ?? 0 };
      negotiate(request.headers.accept, pageOnly);
      if (request.method === 'HEAD') await sendWhetherThere(response, engine, event);
      else await sendEvent(response, engine, event);
    },
  };
}

interface EventName {
  readonly streamId: StreamId;
  readonly version: number;
}

async function sendWhetherThere(response: ServerResponse, engine: StorageEngine, event: EventName): Promise<void> {
  if ((await engine.streamVersion(event.streamId)) < event.version) throw notFound(event);
  sendHead(response, 200, [...jsonType, ...vary]);
}

async function sendEvent(response: ServerResponse, engine: StorageEngine, event: EventName): Promise<void> {
  const { streamId, version } = event;
  for await (const batch of engine.readStream({ streamId, from: version, limit: 1, direction: 'forward' })) {
    if (batch.count === 0 || batch.through !== version) break;
    return sendJson(response, Buffer.from(batch.lines.subarray(0, -1)), vary);
  }
  if ((await engine.streamVersion(streamId)) < version) throw notFound(event);
  throw new EventStoreError('event-lost', 'This event was lost to damage and given up in a repair.', {
    details: { streamId, version },
  });
}

function notFound({ streamId, version }: EventName): EventStoreError {
  return new EventStoreError('event-not-found', 'The stream has no event with this version.', {
    details: { streamId, version },
  });
}
