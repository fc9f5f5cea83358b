import type { ServerResponse } from 'node:http';
import { limits, type ReadStreamRequest, type StorageEngine, StreamPageSchema } from '@event-store/core';
import { Type } from 'typebox';
import type { StoreAccess } from '../../store-access.ts';
import { entityTag, isUnchanged } from '../entity-tag.ts';
import { negotiate, pageOrLines } from '../negotiate.ts';
import { pageBody, readPage } from '../page.ts';
import { invalidParameter, Query } from '../query.ts';
import { type Exchange, type Route, readMethods } from '../route.ts';
import { sendHead, sendJson } from '../send.ts';
import { sendLines } from '../send-lines.ts';
import { streamIdIn } from '../stream-path.ts';
import { limitParameter, streamIdParameter } from './parameters.ts';

/** `GET /:streamId`: a page of a stream, or all of it as lines. */
export function readStreamRoute(store: StoreAccess): Route {
  return {
    path: '/:streamId',
    methods: readMethods,
    documentation: {
      summary: 'Read a stream',
      tags: ['streams'],
      params: streamIdParameter,
      querystring: Type.Object({
        offset: Type.Optional(Type.Integer({ minimum: 0, description: 'The version to start at.' })),
        limit: limitParameter,
        direction: Type.Optional(Type.String({ enum: ['forward', 'backward'] })),
      }),
      response: { 200: StreamPageSchema },
    },
    handle: (exchange) => readStream(exchange, store.engine),
  };
}

async function readStream({ request, response, target }: Exchange, engine: StorageEngine): Promise<void> {
  const streamId = streamIdIn(target);
  const type = negotiate(request.headers.accept, pageOrLines);
  const { offset, limit, direction } = parseQuery(target);
  if (type === 'application/x-ndjson' && direction === 'backward') {
    throw invalidParameter('direction', 'can only be "forward" for NDJSON');
  }
  const version = await engine.streamVersion(streamId);
  const headers = ['ETag', entityTag(version), 'Vary', 'Accept'];
  if (isUnchanged(request.headers, version)) return sendHead(response, 304, headers);
  if (request.method === 'HEAD') return sendHead(response, 200, ['Content-Type', type, ...headers]);
  const start = offset ?? (direction === 'forward' ? 1 : version);
  const read = { streamId, from: direction === 'forward' ? Math.max(start, 1) : start, direction } as const;
  if (type === 'application/json') {
    await sendPage(response, { engine, read: { ...read, limit: limit ?? limits.pageEventsDefault }, start, headers });
  } else {
    await sendLines(response, engine.readStream(limit === undefined ? read : { ...read, limit }), headers);
  }
}

function parseQuery(target: string) {
  const query = new Query(target, ['offset', 'limit', 'direction']);
  const direction = query.text('direction') ?? 'forward';
  if (direction !== 'forward' && direction !== 'backward') {
    throw invalidParameter('direction', 'must be "forward" or "backward"');
  }
  return {
    offset: query.number('offset', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    limit: query.number('limit', { min: 1, max: limits.pageEventsMax }),
    direction,
  } as const;
}

async function sendPage(
  response: ServerResponse,
  parts: { engine: StorageEngine; read: ReadStreamRequest; start: number; headers: readonly string[] },
): Promise<void> {
  const { engine, read, start, headers } = parts;
  const batches = read.from === 0 ? noBatches() : engine.readStream(read);
  const { elements, last } = await readPage(batches, { bytesMax: limits.pageBytesMax });
  const step = read.direction === 'forward' ? 1 : -1;
  const nextOffset = last === undefined ? start : last.through + step;
  sendJson(response, pageBody(`{"nextOffset":${nextOffset}}`, elements), headers);
}

async function* noBatches(): AsyncGenerator<never> {}
