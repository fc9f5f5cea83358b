import { Type } from 'typebox';
import type { StoreAccess } from '../../store-access.ts';
import { jsonType } from '../answer.ts';
import { type Route, readMethods } from '../route.ts';
import { sendHead, sendJson } from '../send.ts';

/** `GET /-/openapi.json`: this API, described from the schemas of its routes; `print` makes it. */
export function openApiRoute(store: StoreAccess, print: () => Promise<string>): Route {
  let document: string | undefined;
  return {
    path: '/-/openapi.json',
    methods: readMethods,
    summary: 'This document',
    tag: 'operations',
    answers: { 200: { 'application/json': Type.Object({}) } },
    handle: async ({ request, response }) => {
      store.assertOpen();
      if (request.method === 'HEAD') return sendHead(response, 200, jsonType);
      document ??= await print();
      sendJson(response, document);
    },
  };
}
