/** What the requests about consumers have in common: the name in the path, the partition, the body. */
import { type ConsumerName, limits, type Partition, parseConsumerName, parsePartition } from '@event-store/core';
import { Type } from 'typebox';
import type { Backlog } from './backlog.ts';
import { invalidParameter, type Query } from './query.ts';
import { readBody } from './read-body.ts';
import type { Exchange } from './route.ts';
import { decodeStrictly, pathOf } from './stream-path.ts';

/** The segment of `/-/consumers/:consumer` and what is below it. */
const nameSegment = 3;

/** @throws EventStoreError `invalid-consumer`. */
export function consumerNameIn(target: string): ConsumerName {
  return parseConsumerName(decodeStrictly(pathOf(target).split('/')[nameSegment] ?? '') ?? '');
}

export const partitionParameter = Type.Optional(
  Type.String({
    pattern: '^[1-9][0-9]?/[1-9][0-9]?$',
    description: 'Only the streams of this part of all streams, such as 2/4: the second of four.',
  }),
);

/** @throws EventStoreError `invalid-parameter`. */
export function partitionIn(query: Query): Partition | undefined {
  const text = query.text('partition');
  if (text === undefined) return undefined;
  const partition = parsePartition(text);
  if (partition !== undefined) return partition;
  throw invalidParameter('partition', `must be like 2/4, the second of four, of at most ${limits.partitionsMax}`);
}

export function readConsumerBody(exchange: Exchange, backlog: Backlog): Promise<string> {
  return readBody(exchange, { bytesMax: limits.consumerBytesMax, backlog });
}
