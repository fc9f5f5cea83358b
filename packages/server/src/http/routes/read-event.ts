import { RecordedEventSchema } from '@event-store/core';
import type { StoreAccess } from '../../store-access.ts';
import { jsonType } from '../answer.ts';
import { negotiate, pageOnly } from '../negotiate.ts';
import { checkThere, eventHeaders, readEvent } from '../one-event.ts';
import { type Route, readMethods } from '../route.ts';
import { sendHead, sendJson } from '../send.ts';
import { streamIdIn, versionIn } from '../stream-path.ts';

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
      if (request.method === 'GET') return sendJson(response, await readEvent(engine, event), eventHeaders);
      await checkThere(engine, event);
      sendHead(response, 200, [...jsonType, ...eventHeaders]);
    },
  };
}
