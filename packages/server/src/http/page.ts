/**
 * JSON pages out of batches of lines. The lines are JSON already, so a page is made by putting
 * commas in the place of line feeds; nothing is parsed.
 */
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { type Batch, limits } from '@event-store/core';
import { Type } from 'typebox';
import type { Backlog } from './backlog.ts';
import { invalidParameter, type Query } from './query.ts';
import { sendJson } from './send.ts';

export const limitParameter = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: limits.pageEventsMax,
    default: limits.pageEventsDefault,
    description: 'At most so many events; the server may answer with fewer.',
  }),
);

export const waitParameter = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: limits.waitSecondsMax,
    default: 0,
    description: 'If there is nothing yet, how many seconds to wait for something. Pages only.',
  }),
);

/**
 * Parameters that mean nothing to a form of answer are refused, not ignored.
 *
 * @throws EventStoreError `invalid-parameter`.
 */
export function checkForm(type: string, query: Query): void {
  const isPage = type === 'application/json';
  if (!isPage && query.text('wait') !== undefined) throw invalidParameter('wait', `is not for ${type}`);
  if (!isPage && query.text('direction') === 'backward') {
    throw invalidParameter('direction', `can only be "forward" for ${type}`);
  }
  if (type === 'text/event-stream' && query.text('limit') !== undefined) {
    throw invalidParameter('limit', `is not for ${type}, which has no end`);
  }
}

interface Page<Kind extends Batch> {
  /** The elements of the payload, with commas between them. */
  readonly elements: Buffer;
  /** The last batch that is on the page; its lines are no longer valid. */
  readonly last: Kind | undefined;
}

/**
 * Collects batches up to a size. A read that fails behind the first event gives the page so far:
 * the next one starts where it failed, and says so.
 */
export async function readPage<Kind extends Batch>(
  batches: AsyncIterable<Kind>,
  isEnough: (batch: Kind) => boolean = () => false,
): Promise<Page<Kind>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  let last: Kind | undefined;
  try {
    for await (const batch of batches) {
      if (bytes > 0 && bytes + batch.lines.length + envelopeBytes > limits.pageBytesMax) break;
      if (batch.count > 0) parts.push(withCommas(batch.lines));
      bytes += batch.lines.length;
      last = batch;
      if (isEnough(batch)) break;
      // A long way through what nobody asked for would otherwise keep everybody else waiting.
      if (batch.count === 0) await setImmediate();
    }
  } catch (error) {
    if (bytes === 0) throw error;
  }
  return { elements: Buffer.concat(parts, Math.max(bytes - 1, 0)), last };
}

/** A page as it is put together. */
export interface PageContent {
  readonly elements: Buffer;
  /** JSON. */
  readonly pagination: string;
}

export function pageBody({ elements, pagination }: PageContent): Buffer {
  return Buffer.concat([Buffer.from(pageOpening(pagination)), elements, pageEnd]);
}

/** Pages up to here are taken by the socket at once, or as good as. */
const smallPageBytesMax = 64 * 1024;

/** Whether a body is one page too many: the check, and its being counted, must be one step. */
export function isOneTooMany(body: { readonly length: number }, backlog: Backlog): boolean {
  return body.length > smallPageBytesMax && backlog.isTooMuch;
}

/**
 * Answers with a page. Large ones are counted until they are taken, and a
 * client that does not take them is dropped.
 *
 * @throws EventStoreError `overloaded`.
 */
export function sendPage(
  response: ServerResponse,
  { headers, backlog, ...content }: PageContent & { headers: readonly string[]; backlog: Backlog },
): void {
  const body = pageBody(content);
  if (isOneTooMany(body, backlog)) throw backlog.overloaded();
  if (body.length > smallPageBytesMax) {
    backlog.add(body.length);
    response.once('close', () => backlog.add(-body.length));
    backlog.expectProgress(response);
  }
  sendJson(response, body, headers);
}

/** What stands before the elements; ASCII, as `pagination` is. */
export function pageOpening(pagination: string): string {
  return `{"pagination":${pagination},"payload":[`;
}

export const pageEnd = Buffer.from(']}');

/** What stands around the elements takes less. */
const envelopeBytes = 128;
const lineFeed = 0x0a;
const comma = 0x2c;

function withCommas(lines: Uint8Array): Buffer {
  const elements = Buffer.from(lines);
  for (let at = elements.indexOf(lineFeed); at >= 0; at = elements.indexOf(lineFeed, at + 1)) elements[at] = comma;
  return elements;
}
