import { type Clock, FeedPageSchema, RecordedEventSchema } from '@event-store/core';
import { Type } from 'typebox';
import { filterOf, positionOf } from '../../consumers/consumer-state.ts';
import type { Consumers } from '../../consumers/consumers.ts';
import type { StoreAccess } from '../../store-access.ts';
import type { Subscriptions } from '../../subscriptions/subscriptions.ts';
import { answerFeed } from '../answer-feed.ts';
import type { Backlog } from '../backlog.ts';
import { consumerNameIn, partitionIn, partitionParameter } from '../consumer-request.ts';
import { eventStreamType, everyForm, negotiate } from '../negotiate.ts';
import { checkForm, limitParameter, waitParameter } from '../page.ts';
import { type Exchange, type Route, readMethods } from '../route.ts';

interface Parts {
  readonly store: StoreAccess;
  readonly backlog: Backlog;
  readonly subscriptions: Subscriptions;
  readonly consumers: Consumers;
  readonly clock: Clock;
}

/**
 * `GET /-/consumers/:consumer/events`: what the consumer has not acknowledged. The checkpoint
 * alone says where it starts; `Last-Event-ID` is not looked at.
 */
export function consumerEventsRoute(parts: Parts): Route {
  return {
    path: '/-/consumers/:consumer/events',
    methods: readMethods,
    summary: 'Read what a consumer has not acknowledged',
    tag: 'consumers',
    query: Type.Object({ limit: limitParameter, wait: waitParameter, partition: partitionParameter }),
    answers: {
      200: {
        'application/json': FeedPageSchema,
        'application/x-ndjson': RecordedEventSchema,
        [eventStreamType]: Type.String(),
      },
    },
    handle: (exchange) => readEvents(exchange, parts),
  };
}

async function readEvents({ request, response, target, query }: Exchange, parts: Parts): Promise<void> {
  const { engine } = parts.store;
  const { pageEventsMax, waitSecondsMax } = engine.capabilities.limits;
  const name = consumerNameIn(target);
  const type = negotiate(request.headers.accept, everyForm);
  const limit = query.number('limit', { min: 1, max: pageEventsMax });
  const waitSeconds = query.number('wait', { min: 0, max: waitSecondsMax }) ?? 0;
  const partition = partitionIn(query);
  checkForm(type, query);
  const state = await parts.consumers.get(name);
  const headers = ['Vary', 'Accept', 'Consumer-Epoch', state.epoch];
  const [after, filter] = [positionOf(state, partition), filterOf(state, partition)];
  const question = { type, after, filter, limit, waitSeconds, headers };
  await answerFeed(response, question, { ...parts, engine });
}
