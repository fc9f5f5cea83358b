/**
 * The one form of request that the append lane knows: a whole `POST` of a body with
 * `Content-Length`, in one piece, with no header that would make a difference. The grammar is a
 * small part of RFC 9112 on purpose: whatever is not surely inside is left to node:http.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { AccessCheck } from '../check-access.ts';

export interface PlainAppend {
  /** The request target, in origin form and without a query. */
  readonly target: string;
  /** The body. */
  readonly json: string;
}

const method = 'POST ';
const version = ' HTTP/1.1';
/** Longer ones are rare, and node:http knows what to say to those that are too long. */
const targetCharactersMax = 2_048;
const target = /^\/[\w.~!$&'()*+,;=:@%][\w.~!$&'()*+,;=:@%-]*(?:\/[0-9]+)?$/;

/** Reads the requests of one connection. Clients send the same head again and again, so it is checked once. */
export class PlainAppendParser {
  readonly #access: AccessCheck;
  /** The head of the last request, from behind the request line to the empty line. */
  #head: string | undefined;
  #contentLength = 0;

  constructor(access: AccessCheck) {
    this.#access = access;
  }

  /** The request that `chunk` is; `undefined` when it is anything else, also a part of one, or two. */
  parse(chunk: Buffer): PlainAppend | undefined {
    const text = chunk.toString('latin1');
    if (!text.startsWith(method)) return undefined;
    const targetEnd = text.indexOf(version);
    if (targetEnd < 0 || targetEnd > targetCharactersMax) return undefined;
    const headStart = targetEnd + version.length;
    const head = this.#headAt(chunk, text, headStart);
    if (head === undefined) return undefined;
    const bodyStart = headStart + head.length;
    if (chunk.length - bodyStart !== this.#contentLength) return undefined;
    // A copy: what is kept of it must not keep the whole request.
    const found = chunk.toString('latin1', method.length, targetEnd);
    if (!target.test(found)) return undefined;
    if (isAscii(chunk)) return { target: found, json: text.slice(bodyStart) };
    const body = chunk.subarray(bodyStart);
    return isUtf8(body) ? { target: found, json: body.toString() } : undefined;
  }

  #headAt(chunk: Buffer, text: string, start: number): string | undefined {
    if (this.#head !== undefined && text.startsWith(this.#head, start)) return this.#head;
    const end = text.indexOf('\r\n\r\n', start);
    if (end < 0) return undefined;
    const head = chunk.toString('latin1', start, end + 4);
    const contentLength = plainContentLength(head, this.#access);
    if (contentLength === undefined) return undefined;
    this.#contentLength = contentLength;
    this.#head = head;
    return head;
  }
}

/** Headers that say nothing about how the request is read or whether it is allowed, and those checked here. */
const plainHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'host',
  'pragma',
  'sec-fetch-mode',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-request-id',
]);

const headerValue = /^[\x20-\x7e]*$/;
/** Node:http knows what to say to those that are too large. */
const headCharactersMax = 8_192;
const plainHost = /^[A-Za-z0-9.-]+(?::[0-9]{1,4})?$|^[A-Za-z0-9.-]+:[1-5][0-9]{4}$/;
const plainLength = /^[1-9][0-9]{0,5}$/;

/** The body's length, when every header is plain and whoever asks may ask. */
function plainContentLength(head: string, access: AccessCheck): number | undefined {
  if (!head.startsWith('\r\n') || head.length > headCharactersMax) return undefined;
  const headers = new Map<string, string>();
  for (const line of head.slice(2, -4).split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = withoutSpaces(line.slice(colon + 1));
    if (!plainHeaders.has(name) || headers.has(name) || !headerValue.test(value)) return undefined;
    headers.set(name, value);
  }
  const { host = '', 'content-length': length = '', connection, authorization } = Object.fromEntries(headers);
  if (!plainHost.test(host) || !plainLength.test(length)) return undefined;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return undefined;
  return isAllowed(access, host, authorization) ? Number(length) : undefined;
}

/** Without the spaces and tabs around it. What `trim` takes for space is more than HTTP does. */
function withoutSpaces(text: string): string {
  let [start, end] = [0, text.length];
  while (isSpace(text[start])) start++;
  while (end > start && isSpace(text[end - 1])) end--;
  return text.slice(start, end);
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function isAllowed(access: AccessCheck, host: string, authorization: string | undefined): boolean {
  try {
    access.checkHost({ host });
    access.checkToken('/:streamId', authorization === undefined ? {} : { authorization });
    return true;
  } catch {
    return false;
  }
}
