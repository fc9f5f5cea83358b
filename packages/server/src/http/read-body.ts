/**
 * The bytes of a request body, bounded: a body that says it is too large is not read at all, and
 * one that grows too large is given up at the limit. Its text is UTF-8, or it is refused.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { EventStoreError } from '@event-store/core';
import { ClientGone } from './refusals.ts';

/**
 * Reads a body as text.
 *
 * @throws EventStoreError `encoding-not-supported`, `body-too-large`, `invalid-utf8`.
 * @throws ClientGone
 */
export async function readBody(request: IncomingMessage, response: ServerResponse, bytesMax: number): Promise<string> {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new EventStoreError('encoding-not-supported', 'Send the body as it is, without "Content-Encoding".');
  }
  if (Number(headers['content-length'] ?? 0) > bytesMax) throw bodyTooLarge(bytesMax);
  if (headers.expect !== undefined && request.httpVersion === '1.1') response.writeContinue();
  return textOf(await readBytes(request, bytesMax));
}

function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        request.removeAllListeners('data');
        reject(bodyTooLarge(bytesMax));
      } else if (first === undefined) {
        first = chunk;
      } else {
        more ??= [first];
        more.push(chunk);
      }
    });
    request.on('end', () => resolve(more === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(more, bytes)));
    request.on('error', () => reject(new ClientGone('The client went away within its request')));
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
