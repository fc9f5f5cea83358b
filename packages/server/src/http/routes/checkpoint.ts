import { CheckpointAnswerSchema, CheckpointMoveSchema, parseCheckpointMove, wholePartition } from '@event-store/core';
import { Type } from 'typebox';
import { positionOf } from '../../consumers/consumer-state.ts';
import type { Consumers } from '../../consumers/consumers.ts';
import type { Backlog } from '../backlog.ts';
import { consumerNameIn, partitionIn, partitionParameter, readConsumerBody } from '../consumer-request.ts';
import type { Exchange, Route } from '../route.ts';
import { sendJson } from '../send.ts';

interface Parts {
  readonly consumers: Consumers;
  readonly backlog: Backlog;
}

/** `POST /-/consumers/:consumer/checkpoint`: a reader says how far it has come. */
export function checkpointRoute(parts: Parts): Route {
  return {
    path: '/-/consumers/:consumer/checkpoint',
    methods: ['POST'],
    summary: 'Move a checkpoint',
    tag: 'consumers',
    query: Type.Object({ partition: partitionParameter }),
    body: CheckpointMoveSchema,
    answers: { 200: { 'application/json': CheckpointAnswerSchema } },
    handle: (exchange) => move(exchange, parts),
  };
}

async function move(exchange: Exchange, { consumers, backlog }: Parts): Promise<void> {
  const { response, target, query } = exchange;
  const name = consumerNameIn(target);
  const partition = partitionIn(query) ?? wholePartition;
  const asked = parseCheckpointMove(await readConsumerBody(exchange, backlog));
  const state = await consumers.move(name, asked, partition);
  sendJson(response, JSON.stringify({ name, epoch: state.epoch, position: positionOf(state, partition) }));
}
