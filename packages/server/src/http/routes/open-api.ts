import { Type } from 'typebox';
import type { StoreAccess } from '../../store-access.ts';
import { type Route, readMethods } from '../route.ts';
import { sendJson } from '../send.ts';

/** `GET /-/openapi.json`: this API, described from the schemas of its routes; `print` makes it. */
export function openApiRoute(store: StoreAccess, print: () => Promise<string>): Route {
  let document: string | undefined;
  return {
    path: '/-/openapi.json',
    methods: readMethods,
    summary: 'This document',
    tag: 'operations',
    answers: { 200: { 'application/json': Type.Object({}) } },
    handle: async ({ response }) => {
      store.assertOpen();
      document ??= await print();
      sendJson(response, document);
    },
  };
}
