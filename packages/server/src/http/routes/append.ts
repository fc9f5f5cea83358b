import { AppendAnswerSchema, AppendBodySchema } from '@event-store/core';
import { type AppendParts, appendAnswer, appendTargetIn, beginAppend } from '../appends.ts';
import type { Backlog } from '../backlog.ts';
import { readBody } from '../read-body.ts';
import type { Exchange, Route } from '../route.ts';
import { send } from '../send.ts';

interface Parts extends AppendParts {
  readonly backlog: Backlog;
}

/** `POST /:streamId` and `POST /:streamId/:version`, in every form that HTTP allows; see also plain-lane.ts. */
export function appendRoutes(parts: Parts): readonly Route[] {
  const route = {
    methods: ['POST'],
    tag: 'streams',
    body: AppendBodySchema,
    answers: { 200: { 'application/json': AppendAnswerSchema } },
    handle: (exchange: Exchange) => append(exchange, parts),
  } as const;
  return [
    { ...route, path: '/:streamId', summary: 'Append at the next version' },
    { ...route, path: '/:streamId/:version', summary: 'Append if and only if this is the next version' },
  ];
}

async function append(exchange: Exchange, parts: Parts): Promise<void> {
  const { store, clock, backlog } = parts;
  const startedMs = clock.monotonicMs();
  const { bodyBytesMax: bytesMax } = store.engineForAppends.capabilities.limits;
  const target = appendTargetIn(exchange.target);
  const json = await readBody(exchange, { bytesMax, backlog });
  send(exchange.response, appendAnswer(parts, await beginAppend(parts, target, json), startedMs));
}
