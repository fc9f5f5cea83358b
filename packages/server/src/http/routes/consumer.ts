import {
  type Clock,
  ConsumerDefinitionSchema,
  ConsumerListPageSchema,
  ConsumerSchema,
  limits,
  parseConsumerDefinition,
} from '@event-store/core';
import { Type } from 'typebox';
import type { Consumers } from '../../consumers/consumers.ts';
import { ConsumerDescriptions } from '../../consumers/describe-consumers.ts';
import type { StoreAccess } from '../../store-access.ts';
import { jsonType } from '../answer.ts';
import type { Backlog } from '../backlog.ts';
import { consumerNameIn, partitionIn, partitionParameter, readConsumerBody } from '../consumer-request.ts';
import { negotiate, pageOnly } from '../negotiate.ts';
import { type Exchange, type Route, readMethods } from '../route.ts';
import { send, sendHead, sendJson } from '../send.ts';

const vary = ['Vary', 'Accept'] as const;
const path = '/-/consumers/:consumer';
const tag = 'consumers';

interface Parts {
  readonly store: StoreAccess;
  readonly consumers: Consumers;
  readonly clock: Clock;
  readonly backlog: Backlog;
}

/** `/-/consumers` and `/-/consumers/:consumer`: durable consumers are made, shown and removed. */
export function consumerRoutes(parts: Parts): readonly Route[] {
  const consumer = { 200: { 'application/json': ConsumerSchema } } as const;
  return [
    {
      path: '/-/consumers',
      methods: readMethods,
      summary: 'List consumers',
      tag,
      query: Type.Object({
        after: Type.Optional(Type.String({ description: 'Only names behind this one.' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.consumersMax })),
      }),
      answers: { 200: { 'application/json': ConsumerListPageSchema } },
      handle: (exchange) => list(exchange, parts),
    },
    {
      path,
      methods: readMethods,
      summary: 'Show a consumer',
      tag,
      query: Type.Object({ partition: partitionParameter }),
      answers: consumer,
      handle: (exchange) => show(exchange, parts),
    },
    {
      path,
      methods: ['PUT'],
      summary: 'Make a consumer',
      tag,
      body: ConsumerDefinitionSchema,
      answers: { ...consumer, 201: consumer[200] },
      handle: (exchange) => create(exchange, parts),
    },
    {
      path,
      methods: ['DELETE'],
      summary: 'Remove a consumer',
      tag,
      answers: { 204: {} },
      handle: async ({ target, response }) => {
        await parts.consumers.remove(consumerNameIn(target));
        sendHead(response, 204, []);
      },
    },
  ];
}

async function list({ request, response, query }: Exchange, { store, consumers, clock }: Parts): Promise<void> {
  negotiate(request.headers.accept, pageOnly);
  const after = query.text('after') ?? '';
  const limit = query.number('limit', { min: 1, max: limits.consumersMax }) ?? limits.pageEventsDefault;
  const found = await consumers.list({ after, limit });
  const descriptions = await ConsumerDescriptions.now(store.engine, clock);
  const payload = await Promise.all(found.map((consumer) => descriptions.brief(consumer)));
  const nextAfter = found.at(-1)?.name ?? after;
  sendJson(response, JSON.stringify({ pagination: { nextAfter }, payload }), vary);
}

async function show({ request, response, target, query }: Exchange, { store, consumers, clock }: Parts): Promise<void> {
  const name = consumerNameIn(target);
  negotiate(request.headers.accept, pageOnly);
  const partition = partitionIn(query);
  const state = await consumers.get(name);
  const descriptions = await ConsumerDescriptions.now(store.engine, clock);
  sendJson(response, JSON.stringify(await descriptions.whole({ name, state }, partition)), vary);
}

async function create(exchange: Exchange, { store, consumers, clock, backlog }: Parts): Promise<void> {
  const { response, target } = exchange;
  const name = consumerNameIn(target);
  const definition = parseConsumerDefinition(await readConsumerBody(exchange, backlog));
  const { state, isNew } = await consumers.create(name, definition);
  const descriptions = await ConsumerDescriptions.now(store.engine, clock);
  const body = JSON.stringify(await descriptions.whole({ name, state }));
  const headers = [...jsonType, 'Location', `/-/consumers/${name}`];
  send(response, { status: isNew ? 201 : 200, headers, body });
}
