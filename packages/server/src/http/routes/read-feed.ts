import type { ServerResponse } from 'node:http';
import { type FeedFilter, FeedPageSchema, limits, type ReadFeedRequest, type StorageEngine } from '@event-store/core';
import { Type } from 'typebox';
import type { StoreAccess } from '../../store-access.ts';
import { negotiate, pageOrLines } from '../negotiate.ts';
import { pageBody, readPage } from '../page.ts';
import { invalidParameter, Query } from '../query.ts';
import { type Exchange, type Route, readMethods } from '../route.ts';
import { sendHead, sendJson } from '../send.ts';
import { sendLines } from '../send-lines.ts';
import { limitParameter } from './parameters.ts';

const vary = ['Vary', 'Accept'] as const;

/** `GET /-/events`: the feed, a page of it or all of it as lines. */
export function readFeedRoute(store: StoreAccess): Route {
  return {
    path: '/-/events',
    methods: readMethods,
    documentation: {
      summary: 'Read the feed',
      tags: ['feed'],
      querystring: Type.Object({
        after: Type.Optional(Type.Integer({ minimum: 0, description: 'The position after which to start.' })),
        limit: limitParameter,
        type: Type.Optional(Type.Array(Type.String(), { description: 'Only events of these types.' })),
        streamPrefix: Type.Optional(Type.String({ description: 'Only streams whose id starts with this.' })),
      }),
      response: { 200: FeedPageSchema },
    },
    handle: (exchange) => readFeed(exchange, store.engine),
  };
}

async function readFeed({ request, response, target }: Exchange, engine: StorageEngine): Promise<void> {
  const type = negotiate(request.headers.accept, pageOrLines);
  const read = parseQuery(target);
  if (request.method === 'HEAD') return sendHead(response, 200, ['Content-Type', type, ...vary]);
  if (type === 'application/json') {
    await sendPage(response, engine, { ...read, limit: read.limit ?? limits.pageEventsDefault });
  } else {
    await sendLines(response, engine.readFeed(read), vary);
  }
}

function parseQuery(target: string): ReadFeedRequest {
  const query = new Query(target, ['after', 'limit', 'type', 'streamPrefix']);
  const limit = query.number('limit', { min: 1, max: limits.pageEventsMax });
  const filter = parseFilter(query);
  return {
    after: query.number('after', { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 0,
    ...(limit !== undefined && { limit }),
    ...(filter !== undefined && { filter }),
  };
}

function parseFilter(query: Query): FeedFilter | undefined {
  const types = new Set(query.all('type'));
  if (types.has('')) throw invalidParameter('type', 'is empty');
  if (types.size > limits.filterTypesMax)
    throw invalidParameter('type', `is given more than ${limits.filterTypesMax} times`);
  const streamPrefix = query.text('streamPrefix') ?? '';
  if (types.size === 0 && streamPrefix === '') return undefined;
  return { ...(types.size > 0 && { types }), ...(streamPrefix !== '' && { streamPrefix }) };
}

async function sendPage(response: ServerResponse, engine: StorageEngine, read: ReadFeedRequest): Promise<void> {
  const scanEnd = read.filter === undefined ? Number.POSITIVE_INFINITY : read.after + limits.feedScanEventsMax;
  const { elements, last } = await readPage(engine.readFeed(read), {
    bytesMax: limits.pageBytesMax,
    isEnough: ({ through }) => through >= scanEnd,
  });
  const { through, caughtUp } = last ?? { through: read.after, caughtUp: false };
  sendJson(response, pageBody(`{"nextAfter":${through},"caughtUp":${caughtUp}}`, elements), vary);
}
