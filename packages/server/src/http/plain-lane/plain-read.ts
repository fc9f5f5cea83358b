/** A read as the lane serves it: at once where the engine can, else as node:http would. */
import type { Limits, StorageEngine } from '@event-store/core';
import { type Answer, jsonAnswer } from '../answer.ts';
import { type EventName, eventAtOnce, eventHeaders, readEvent } from '../one-event.ts';
import { pageBody } from '../page.ts';
import type { PlacedBody } from '../placed-body.ts';
import { Query } from '../query.ts';
import {
  readStreamPage,
  type StreamPageRequest,
  streamHeaders,
  streamPageAtOnce,
  streamPageQueryIn,
} from '../stream-page.ts';
import { streamIdIn, versionIn } from '../stream-path.ts';

/** One event, or a page of a stream. */
export type PlainRead = EventName | StreamPageRequest;

/** A page that is waited for is not for the lane. */
const parameters = ['offset', 'limit', 'direction'];

/** @throws EventStoreError where the target is not that of a plain read. */
export function plainReadIn(target: string, limits: Limits): PlainRead {
  const streamId = streamIdIn(target);
  const version = versionIn(target);
  if (version !== undefined) return { streamId, version };
  return { streamId, ...streamPageQueryIn(Query.parse(target, parameters), limits) };
}

/** Puts the body into `buffer`; `undefined` when it would have to be waited for, or is a problem. */
export function readAtOnce(engine: StorageEngine, read: PlainRead, buffer: Buffer): PlacedBody | undefined {
  return 'version' in read ? eventAtOnce(engine, read, buffer) : streamPageAtOnce(engine, read, buffer);
}

export async function readLater(engine: StorageEngine, read: PlainRead): Promise<Answer> {
  if ('version' in read) return jsonAnswer(await readEvent(engine, read), eventHeaders);
  const version = await engine.streamVersion(read.streamId);
  return jsonAnswer(pageBody(await readStreamPage(engine, read, version)), streamHeaders(version));
}
