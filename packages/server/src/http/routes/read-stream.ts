import { type Clock, type Limits, RecordedEventSchema, StreamPageSchema } from '@event-store/core';
import { Type } from 'typebox';
import type { StoreAccess } from '../../store-access.ts';
import { streamSource } from '../../subscriptions/source.ts';
import { startingCursor } from '../../subscriptions/starting-cursor.ts';
import type { Subscriptions } from '../../subscriptions/subscriptions.ts';
import { waitUntil } from '../../subscriptions/wait-until.ts';
import type { Backlog } from '../backlog.ts';
import { isUnchanged } from '../entity-tag.ts';
import { eventStreamType, everyForm, negotiate } from '../negotiate.ts';
import { checkForm, limitParameter, sendPage, waitParameter } from '../page.ts';
import { invalidParameter, type Query } from '../query.ts';
import { type Exchange, type Route, readMethods } from '../route.ts';
import { sendHead } from '../send.ts';
import { sendLines } from '../send-lines.ts';
import { readStreamPage, type StreamPageQuery, streamHeaders, streamPageQueryIn } from '../stream-page.ts';
import { streamIdIn } from '../stream-path.ts';

interface Parts {
  readonly store: StoreAccess;
  readonly backlog: Backlog;
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
}

/** `GET /:streamId`: a page of a stream, all of it as lines, or all of it and then live. */
export function readStreamRoute(parts: Parts): Route {
  return {
    path: '/:streamId',
    methods: readMethods,
    summary: 'Read a stream',
    tag: 'streams',
    query: Type.Object({
      offset: Type.Optional(Type.Integer({ minimum: 0, description: 'The version to start at.' })),
      limit: limitParameter,
      direction: Type.Optional(Type.String({ enum: ['forward', 'backward'] })),
      wait: waitParameter,
    }),
    answers: {
      200: {
        'application/json': StreamPageSchema,
        'application/x-ndjson': RecordedEventSchema,
        [eventStreamType]: Type.String(),
      },
    },
    handle: (exchange) => readStream(exchange, parts),
  };
}

async function readStream(exchange: Exchange, { store, backlog, subscriptions, clock }: Parts): Promise<void> {
  const { request, response, target, query } = exchange;
  const { engine } = store;
  const { limits } = engine.capabilities;
  const streamId = streamIdIn(target);
  const type = negotiate(request.headers.accept, everyForm);
  const { waitSeconds, ...asked } = parse(query, limits);
  const { offset, limit } = asked;
  checkForm(type, query);
  if (type === eventStreamType) {
    const before = offset === undefined ? undefined : Math.max(offset - 1, 0);
    const cursor = startingCursor(request.headers, { name: 'offset', cursor: before });
    const headers = ['Vary', 'Accept'];
    return subscriptions.serve(response, { source: streamSource(engine, streamId), cursor, headers });
  }
  let version = 0;
  const isThere = async () => {
    version = await engine.streamVersion(streamId);
    return version >= Math.max(offset ?? 1, 1);
  };
  const { rounds } = subscriptions;
  await waitUntil(isThere, { response, rounds, clock, waitSeconds });
  const headers = streamHeaders(version);
  if (isUnchanged(request.headers, version)) return sendHead(response, 304, headers);
  if (type === 'application/json') {
    sendPage(response, { ...(await readStreamPage(engine, { streamId, ...asked }, version)), headers, backlog });
  } else {
    const read = { streamId, from: Math.max(offset ?? 1, 1), direction: 'forward' } as const;
    await sendLines(response, engine.readStream(limit === undefined ? read : { ...read, limit }), { headers, backlog });
  }
}

function parse(query: Query, limits: Limits): StreamPageQuery & { readonly waitSeconds: number } {
  const asked = streamPageQueryIn(query, limits);
  const waitSeconds = query.number('wait', { min: 0, max: limits.waitSecondsMax });
  if (waitSeconds !== undefined && asked.direction === 'backward') {
    throw invalidParameter('wait', 'is for reading forward, where events are added');
  }
  return { ...asked, waitSeconds: waitSeconds ?? 0 };
}
