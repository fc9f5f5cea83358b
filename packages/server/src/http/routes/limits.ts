import { LimitsSchema } from '@event-store/core';
import type { StoreAccess } from '../../store-access.ts';
import { Query } from '../query.ts';
import { type Route, readMethods } from '../route.ts';
import { sendJson } from '../send.ts';

/** `GET /-/limits`: every limit, as the running engine allows it. */
export function limitsRoute(store: StoreAccess): Route {
  return {
    path: '/-/limits',
    methods: readMethods,
    documentation: { summary: 'The limits in force', tags: ['operations'], response: { 200: LimitsSchema } },
    handle: ({ response, target }) => {
      Query.refuse(target);
      sendJson(response, JSON.stringify(store.engine.capabilities.limits));
    },
  };
}
