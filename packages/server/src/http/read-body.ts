/**
 * The bytes of a request body, bounded: a body that says it is too large is not read at all, and
 * one that grows too large is given up at the limit. Its text is UTF-8, or it is refused.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { EventStoreError } from '@event-store/core';
import type { Backlog } from './backlog.ts';
import { ClientGone } from './refusals.ts';
import type { Exchange } from './route.ts';

interface Bounds {
  readonly bytesMax: number;
  /** Counts what all bodies hold together. */
  readonly backlog: Backlog;
}

/**
 * Reads a body as text.
 *
 * @throws EventStoreError `encoding-not-supported`, `body-too-large`, `overloaded`, `invalid-utf8`.
 * @throws ClientGone
 */
export async function readBody({ request, response }: Exchange, bounds: Bounds): Promise<string> {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new EventStoreError('encoding-not-supported', 'Send the body as it is, without "Content-Encoding".');
  }
  if (Number(headers['content-length'] ?? 0) > bounds.bytesMax) throw bodyTooLarge(bounds.bytesMax);
  if (headers.expect !== undefined && request.httpVersion === '1.1') response.writeContinue();
  return textOf(await readBytes(request, bounds));
}

function readBytes(request: IncomingMessage, { bytesMax, backlog }: Bounds): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (error: Error) => {
      request.removeAllListeners('data');
      backlog.add(-bytes);
      bytes = 0;
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      backlog.add(chunk.length);
      if (bytes > bytesMax) fail(bodyTooLarge(bytesMax));
      else if (backlog.isTooMuch) fail(backlog.overloaded());
    });
    request.on('end', () => {
      backlog.add(-bytes);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes));
    });
    request.on('error', () => fail(new ClientGone('The client went away within its request')));
  });
}

function textOf(body: Buffer): string {
  if (isUtf8(body)) return body.toString();
  if ((body[0] === 0xff && body[1] === 0xfe) || (body[0] === 0xfe && body[1] === 0xff)) {
    throw new EventStoreError('invalid-json', 'The body is UTF-16; JSON is sent as UTF-8.');
  }
  throw new EventStoreError('invalid-utf8', 'The body is not valid UTF-8.');
}

function bodyTooLarge(limit: number): EventStoreError {
  return new EventStoreError('body-too-large', `A request body has at most ${limit} bytes.`, { details: { limit } });
}
