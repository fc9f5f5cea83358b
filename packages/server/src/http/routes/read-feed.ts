import {
  type Clock,
  EventStoreError,
  type FeedFilter,
  FeedPageSchema,
  type Limits,
  type ReadFeedRequest,
  RecordedEventSchema,
  type StorageEngine,
} from '@event-store/core';
import { Type } from 'typebox';
import type { StoreAccess } from '../../store-access.ts';
import { feedSource } from '../../subscriptions/source.ts';
import { startingCursor } from '../../subscriptions/starting-cursor.ts';
import type { Subscriptions } from '../../subscriptions/subscriptions.ts';
import { waitUntil } from '../../subscriptions/wait-until.ts';
import type { Backlog } from '../backlog.ts';
import { eventStreamType, everyForm, negotiate } from '../negotiate.ts';
import { checkForm, limitParameter, readPage, sendPage, waitParameter } from '../page.ts';
import { invalidParameter, type Query } from '../query.ts';
import { type Exchange, type Route, readMethods } from '../route.ts';
import { sendHead } from '../send.ts';
import { sendLines } from '../send-lines.ts';

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
  const { store, backlog, subscriptions, clock } = parts;
  const { engine } = store;
  const { limits } = engine.capabilities;
  const type = negotiate(request.headers.accept, everyForm);
  const { after, limit, filter, waitSeconds } = parse(query, limits);
  checkForm(type, query);
  const cursor = type === eventStreamType ? startingCursor(request.headers, { name: 'after', cursor: after }) : 0;
  if (!engine.capabilities.hasFeed) throw new EventStoreError('not-supported', 'The feed of this store is off.');
  if (request.method === 'HEAD') return sendHead(response, 200, ['Content-Type', type, ...vary]);
  if (type === eventStreamType) return subscriptions.serve(response, { source: feedSource(engine, filter), cursor });
  const read = { after: after ?? 0, ...(limit !== undefined && { limit }), ...(filter !== undefined && { filter }) };
  if (type === 'application/json') {
    const pages = new FeedPages(engine, { ...read, limit: limit ?? limits.pageEventsDefault });
    const { rounds } = subscriptions;
    await waitUntil(() => pages.find(), { response, rounds, clock, waitMs: waitSeconds * 1_000 });
    sendPage(response, { ...pages.found, headers: vary, backlog });
  } else {
    await sendLines(response, engine.readFeed(read), { headers: vary, backlog });
  }
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
  if (types.size > filterTypesMax) throw invalidParameter('type', `is given more than ${filterTypesMax} times`);
  const streamPrefix = query.text('streamPrefix') ?? '';
  if (types.size === 0 && streamPrefix === '') return undefined;
  return { ...(types.size > 0 && { types }), ...(streamPrefix !== '' && { streamPrefix }) };
}

/** Looks for a page with something on it: with a filter a bounded way, however few events pass. */
class FeedPages {
  readonly #engine: StorageEngine;
  readonly #read: ReadFeedRequest;
  readonly #scanEnd: number;
  #elements: Buffer = Buffer.alloc(0);
  #through: number;
  #caughtUp = false;

  constructor(engine: StorageEngine, read: ReadFeedRequest) {
    const { feedScanEventsMax } = engine.capabilities.limits;
    this.#engine = engine;
    this.#read = read;
    this.#scanEnd = read.filter === undefined ? Number.POSITIVE_INFINITY : read.after + feedScanEventsMax;
    this.#through = read.after;
  }

  /** Goes on from where it came; whether there is more to say than that this is the end. */
  async find(): Promise<boolean> {
    const batches = this.#engine.readFeed({ ...this.#read, after: this.#through });
    const { elements, last } = await readPage(batches, ({ through }) => through >= this.#scanEnd);
    this.#elements = elements;
    this.#through = last?.through ?? this.#through;
    this.#caughtUp = last?.caughtUp ?? false;
    return elements.length > 0 || !this.#caughtUp || this.#through >= this.#scanEnd;
  }

  get found(): { readonly elements: Buffer; readonly pagination: string } {
    return { elements: this.#elements, pagination: `{"nextAfter":${this.#through},"caughtUp":${this.#caughtUp}}` };
  }
}
