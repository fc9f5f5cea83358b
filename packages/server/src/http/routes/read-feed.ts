import {
  type Clock,
  EventStoreError,
  type FeedFilter,
  FeedPageSchema,
  type Limits,
  RecordedEventSchema,
} from '@event-store/core';
import { Type } from 'typebox';
import type { StoreAccess } from '../../store-access.ts';
import { startingCursor } from '../../subscriptions/starting-cursor.ts';
import type { Subscriptions } from '../../subscriptions/subscriptions.ts';
import { answerFeed } from '../answer-feed.ts';
import type { Backlog } from '../backlog.ts';
import { eventStreamType, everyForm, negotiate } from '../negotiate.ts';
import { checkForm, limitParameter, waitParameter } from '../page.ts';
import { invalidParameter, type Query } from '../query.ts';
import { type Exchange, type Route, readMethods } from '../route.ts';

const vary = ['Vary', 'Accept'] as const;

interface Parts {
  readonly store: StoreAccess;
  readonly backlog: Backlog;
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
}

/** `GET /-/events`: the feed, a page of it, all of it as lines, or all of it and then live. */
export function readFeedRoute(parts: Parts): Route {
  return {
    path: '/-/events',
    methods: readMethods,
    summary: 'Read the feed',
    tag: 'feed',
    query: Type.Object({
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'The position after which to start.' })),
      limit: limitParameter,
      wait: waitParameter,
      type: Type.Optional(Type.Array(Type.String(), { description: 'Only events of these types.' })),
      streamPrefix: Type.Optional(Type.String({ description: 'Only streams whose id starts with this.' })),
    }),
    answers: {
      200: {
        'application/json': FeedPageSchema,
        'application/x-ndjson': RecordedEventSchema,
        [eventStreamType]: Type.String(),
      },
    },
    handle: (exchange) => readFeed(exchange, parts),
  };
}

async function readFeed({ request, response, query }: Exchange, parts: Parts): Promise<void> {
  const { engine } = parts.store;
  const { limits } = engine.capabilities;
  const type = negotiate(request.headers.accept, everyForm);
  const { after, limit, filter, waitSeconds } = parse(query, limits);
  checkForm(type, query);
  const cursor =
    type === eventStreamType ? startingCursor(request.headers, { name: 'after', cursor: after }) : (after ?? 0);
  if (!engine.capabilities.hasFeed) throw new EventStoreError('not-supported', 'The feed of this store is off.');
  const question = { type, after: cursor, limit, filter, waitSeconds, headers: vary };
  await answerFeed(response, question, { ...parts, engine });
}

function parse(query: Query, limits: Limits) {
  return {
    after: query.number('after', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    limit: query.number('limit', { min: 1, max: limits.pageEventsMax }),
    waitSeconds: query.number('wait', { min: 0, max: limits.waitSecondsMax }) ?? 0,
    filter: parseFilter(query, limits),
  };
}

function parseFilter(query: Query, { filterTypesMax }: Limits): FeedFilter | undefined {
  const types = new Set(query.all('type'));
  if (types.has('')) throw invalidParameter('type', 'is empty');
  if (types.size > filterTypesMax) throw invalidParameter('type', `has more than ${filterTypesMax} different values`);
  const streamPrefix = query.text('streamPrefix') ?? '';
  if (types.size === 0 && streamPrefix === '') return undefined;
  return { ...(types.size > 0 && { types }), ...(streamPrefix !== '' && { streamPrefix }) };
}
