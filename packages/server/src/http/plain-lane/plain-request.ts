/**
 * The two forms of request that the lane knows, whole and in one piece, with no header that would
 * make a difference: a `POST` of a body with `Content-Length`, and a `GET` without one that takes
 * JSON. The grammar is a small part of RFC 9112 on purpose: whatever is not surely inside is left to
 * node:http.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { AccessCheck } from '../check-access.ts';

export interface PlainRequest {
  /** In origin form. */
  readonly target: string;
  /** The body of an append; a read has none. */
  readonly json: string | undefined;
}

const version = ' HTTP/1.1';
/** Longer ones are rare, and node:http knows what to say to those that are too long. */
const targetCharactersMax = 2_048;

interface Form {
  readonly method: string;
  readonly target: RegExp;
  /** The body's length, when every header is plain and whoever asks may ask. */
  readonly contentLength: (headers: PlainHeaders) => number | undefined;
}

const append: Form = {
  method: 'POST ',
  target: /^\/[\w.~!$&'()*+,;=:@%][\w.~!$&'()*+,;=:@%-]*(?:\/[0-9]+)?$/,
  contentLength: ({ 'content-length': length = '' }) => (plainLength.test(length) ? Number(length) : undefined),
};

const read: Form = {
  method: 'GET ',
  target: /^\/[\w.~!$&'()*+,;=:@%][\w.~!$&'()*+,;=:@%-]*(?:\/[0-9]+|\?[\w=&]*)?$/,
  contentLength: ({ 'content-length': length, accept = '*/*' }) =>
    length === undefined && (accept === '*/*' || accept === 'application/json') ? 0 : undefined,
};

/** Reads the requests of one connection. */
export class PlainRequestParser {
  readonly #append: KnownHead;
  readonly #read: KnownHead;

  constructor(access: AccessCheck) {
    this.#append = new KnownHead(append, access);
    this.#read = new KnownHead(read, access);
  }

  /** The request that `chunk` is; `undefined` when it is anything else, also a part of one, or two. */
  parse(chunk: Buffer): PlainRequest | undefined {
    const text = chunk.toString('latin1');
    const isAppend = text.startsWith(append.method);
    if (!isAppend && !text.startsWith(read.method)) return undefined;
    const { method, target } = isAppend ? append : read;
    const targetEnd = text.indexOf(version);
    if (targetEnd < 0 || targetEnd > targetCharactersMax) return undefined;
    const bodyStart = (isAppend ? this.#append : this.#read).bodyStart(chunk, text, targetEnd + version.length);
    if (bodyStart === undefined) return undefined;
    // A copy: what is kept of it must not keep the whole request.
    const found = chunk.toString('latin1', method.length, targetEnd);
    if (!target.test(found)) return undefined;
    if (!isAppend) return { target: found, json: undefined };
    if (isAscii(chunk)) return { target: found, json: text.slice(bodyStart) };
    const body = chunk.subarray(bodyStart);
    return isUtf8(body) ? { target: found, json: body.toString() } : undefined;
  }
}

/** The head of the last request of a form. Clients send the same again and again, so it is checked once. */
class KnownHead {
  readonly #form: Form;
  readonly #access: AccessCheck;
  /** From behind the request line to the empty line. */
  #head: string | undefined;
  #contentLength = 0;

  constructor(form: Form, access: AccessCheck) {
    this.#form = form;
    this.#access = access;
  }

  /** Where the body begins that is all the rest; `undefined` if the request is of another form. */
  bodyStart(chunk: Buffer, text: string, headStart: number): number | undefined {
    if (this.#head === undefined || !text.startsWith(this.#head, headStart)) {
      const end = text.indexOf('\r\n\r\n', headStart);
      if (end < 0) return undefined;
      const head = chunk.toString('latin1', headStart, end + 4);
      const headers = plainHeadersIn(head);
      const contentLength = headers && this.#form.contentLength(headers);
      if (headers === undefined || contentLength === undefined || !isAllowed(this.#access, headers)) return undefined;
      this.#contentLength = contentLength;
      this.#head = head;
    }
    const bodyStart = headStart + this.#head.length;
    return chunk.length - bodyStart === this.#contentLength ? bodyStart : undefined;
  }
}

/** Headers that say nothing about how the request is read or whether it is allowed, and those checked here. */
const plainNames: ReadonlySet<string> = new Set([
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

type PlainHeaders = { readonly [name in string]?: string };

const headerValue = /^[\x20-\x7e]*$/;
/** Node:http knows what to say to those that are too large. */
const headCharactersMax = 8_192;
const plainHost = /^[A-Za-z0-9.-]+(?::[0-9]{1,4})?$|^[A-Za-z0-9.-]+:[1-5][0-9]{4}$/;
const plainLength = /^[1-9][0-9]{0,5}$/;

function plainHeadersIn(head: string): PlainHeaders | undefined {
  if (!head.startsWith('\r\n') || head.length > headCharactersMax) return undefined;
  const headers = new Map<string, string>();
  for (const line of head.slice(2, -4).split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = withoutSpaces(line.slice(colon + 1));
    if (!plainNames.has(name) || headers.has(name) || !headerValue.test(value)) return undefined;
    headers.set(name, value);
  }
  const host = headers.get('host') ?? '';
  const connection = headers.get('connection') ?? 'keep-alive';
  return plainHost.test(host) && connection.toLowerCase() === 'keep-alive' ? Object.fromEntries(headers) : undefined;
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

function isAllowed(access: AccessCheck, { host = '', authorization }: PlainHeaders): boolean {
  try {
    access.checkHost({ host });
    access.checkToken('/:streamId', authorization === undefined ? {} : { authorization });
    return true;
  } catch {
    return false;
  }
}
