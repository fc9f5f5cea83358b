import {
  type FeedFilter,
  FeedPageSchema,
  type Limits,
  type ReadFeedRequest,
  RecordedEventSchema,
  type StorageEngine,
} from '@event-store/core';
import { Type } from 'typebox';
import type { StoreAccess } from '../../store-access.ts';
import type { Backlog } from '../backlog.ts';
import { negotiate, pageOrLines } from '../negotiate.ts';
import { limitParameter, readPage, sendPage } from '../page.ts';
import { invalidParameter, type Query } from '../query.ts';
import { type Exchange, type Route, readMethods } from '../route.ts';
import { sendHead } from '../send.ts';
import { sendLines } from '../send-lines.ts';

const vary = ['Vary', 'Accept'] as const;

interface Parts {
  readonly store: StoreAccess;
  readonly backlog: Backlog;
}

/** `GET /-/events`: the feed, a page of it or all of it as lines. */
export function readFeedRoute(parts: Parts): Route {
  return {
    path: '/-/events',
    methods: readMethods,
    summary: 'Read the feed',
    tag: 'feed',
    query: Type.Object({
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'The position after which to start.' })),
      limit: limitParameter,
      type: Type.Optional(Type.Array(Type.String(), { description: 'Only events of these types.' })),
      streamPrefix: Type.Optional(Type.String({ description: 'Only streams whose id starts with this.' })),
    }),
    answers: { 200: { 'application/json': FeedPageSchema, 'application/x-ndjson': RecordedEventSchema } },
    handle: (exchange) => readFeed(exchange, parts),
  };
}

async function readFeed({ request, response, query }: Exchange, { store, backlog }: Parts): Promise<void> {
  const { engine } = store;
  const { limits } = engine.capabilities;
  const type = negotiate(request.headers.accept, pageOrLines);
  const read = parse(query, limits);
  if (request.method === 'HEAD') return sendHead(response, 200, ['Content-Type', type, ...vary]);
  if (type === 'application/json') {
    const page = await readFeedPage(engine, { ...read, limit: read.limit ?? limits.pageEventsDefault });
    sendPage(response, { ...page, headers: vary, backlog });
  } else {
    await sendLines(response, engine.readFeed(read), { headers: vary, backlog });
  }
}

function parse(query: Query, limits: Limits): ReadFeedRequest {
  const limit = query.number('limit', { min: 1, max: limits.pageEventsMax });
  const filter = parseFilter(query, limits);
  return {
    after: query.number('after', { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 0,
    ...(limit !== undefined && { limit }),
    ...(filter !== undefined && { filter }),
  };
}

function parseFilter(query: Query, { filterTypesMax }: Limits): FeedFilter | undefined {
  const types = new Set(query.all('type'));
  if (types.has('')) throw invalidParameter('type', 'is empty');
  if (types.size > filterTypesMax) throw invalidParameter('type', `is given more than ${filterTypesMax} times`);
  const streamPrefix = query.text('streamPrefix') ?? '';
  if (types.size === 0 && streamPrefix === '') return undefined;
  return { ...(types.size > 0 && { types }), ...(streamPrefix !== '' && { streamPrefix }) };
}

/** A page, and how far it looked: with a filter a bounded way, however few events pass. */
async function readFeedPage(engine: StorageEngine, read: ReadFeedRequest) {
  const { feedScanEventsMax } = engine.capabilities.limits;
  const scanEnd = read.filter === undefined ? Number.POSITIVE_INFINITY : read.after + feedScanEventsMax;
  const { elements, last } = await readPage(engine.readFeed(read), ({ through }) => through >= scanEnd);
  const { through, caughtUp } = last ?? { through: read.after, caughtUp: false };
  return { elements, pagination: `{"nextAfter":${through},"caughtUp":${caughtUp}}` };
}
