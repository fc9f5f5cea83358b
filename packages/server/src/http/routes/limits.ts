import { LimitsSchema } from '@event-store/core';
import type { StoreAccess } from '../../store-access.ts';
import { type Route, readMethods } from '../route.ts';
import { sendJson } from '../send.ts';

/** `GET /-/limits`: every limit, as the running engine allows it. */
export function limitsRoute(store: StoreAccess): Route {
  return {
    path: '/-/limits',
    methods: readMethods,
    summary: 'The limits in force',
    tag: 'operations',
    answers: { 200: { 'application/json': LimitsSchema } },
    handle: ({ response }) => {
      sendJson(response, JSON.stringify(store.engine.capabilities.limits));
    },
  };
}
