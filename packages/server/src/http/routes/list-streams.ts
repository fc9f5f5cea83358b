import { limits, StreamListPageSchema } from '@event-store/core';
import { Type } from 'typebox';
import type { StoreAccess } from '../../store-access.ts';
import { negotiate, pageOnly } from '../negotiate.ts';
import { type Route, readMethods } from '../route.ts';
import { sendJson } from '../send.ts';

const vary = ['Vary', 'Accept'] as const;

/** `GET /-/streams`: which streams there are, with their versions, in the order of their bytes. */
export function listStreamsRoute(store: StoreAccess): Route {
  return {
    path: '/-/streams',
    methods: readMethods,
    summary: 'List streams',
    tag: 'streams',
    query: Type.Object({
      prefix: Type.Optional(Type.String({ description: 'Only ids that start with this.' })),
      after: Type.Optional(Type.String({ description: 'Only ids behind this one.' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.streamListMax })),
    }),
    answers: { 200: { 'application/json': StreamListPageSchema } },
    handle: async ({ request, response, query }) => {
      const { engine } = store;
      negotiate(request.headers.accept, pageOnly);
      const prefix = query.text('prefix') ?? '';
      const after = query.text('after') ?? '';
      const limit = query.number('limit', { min: 1, max: limits.streamListMax }) ?? limits.pageEventsDefault;
      const payload = await engine.listStreams({ prefix, after, limit });
      const nextAfter = payload.at(-1)?.streamId ?? after;
      sendJson(response, JSON.stringify({ pagination: { nextAfter }, payload }), vary);
    },
  };
}
