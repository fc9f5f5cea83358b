import { Type } from 'typebox';
import type { StoreAccess } from '../../store-access.ts';
import { jsonType } from '../answer.ts';
import { type Route, readMethods } from '../route.ts';
import { send, sendJson } from '../send.ts';

const ReadinessSchema = Type.Object(
  {
    ready: Type.Boolean(),
    reason: Type.Optional(Type.String({ enum: ['rebuilding', 'draining', 'read-only', 'full', 'unavailable'] })),
    detail: Type.Optional(Type.String()),
    damage: Type.Optional(Type.String()),
    progress: Type.Optional(Type.Object({ task: Type.String(), done: Type.Number(), total: Type.Number() })),
  },
  { title: 'Readiness' },
);

/** `/-/health/live`: the process answers. `/-/health/ready`: it takes appends, or says why not. */
export function healthRoutes(store: StoreAccess): readonly Route[] {
  return [
    {
      path: '/-/health/live',
      methods: readMethods,
      summary: 'Whether the process answers',
      tag: 'operations',
      answers: { 200: { 'application/json': Type.Object({ live: Type.Boolean() }) } },
      handle: ({ response }) => {
        sendJson(response, '{"live":true}');
      },
    },
    {
      path: '/-/health/ready',
      methods: readMethods,
      summary: 'Whether appends are accepted',
      tag: 'operations',
      answers: { 200: { 'application/json': ReadinessSchema }, 503: { 'application/json': ReadinessSchema } },
      handle: ({ response }) => {
        const readiness = store.readiness();
        send(response, { status: readiness.ready ? 200 : 503, headers: jsonType, body: JSON.stringify(readiness) });
      },
    },
  ];
}
