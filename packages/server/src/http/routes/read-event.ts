import { RecordedEventSchema } from '@event-store/core';
import type { StoreAccess } from '../../store-access.ts';
import { negotiate, pageOnly } from '../negotiate.ts';
import { eventHeaders, readEvent } from '../one-event.ts';
import { type Route, readMethods } from '../route.ts';
import { sendJson } from '../send.ts';
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
      sendJson(response, await readEvent(engine, event), eventHeaders);
    },
  };
}
