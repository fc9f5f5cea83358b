/**
 * Answers as values, so that one and the same answer can be sent by node:http or be written to a
 * socket directly.
 */
import { STATUS_CODES } from 'node:http';

export interface Answer<Body extends string | Uint8Array = string | Uint8Array> {
  readonly status: number;
  /** Name, value, name, value, … */
  readonly headers: readonly string[];
  readonly body: Body;
}

export const jsonType = ['Content-Type', 'application/json'] as const;

/** 200 with text that is JSON already. */
export function jsonAnswer<Body extends string | Uint8Array>(
  body: Body,
  headers: readonly string[] = [],
): Answer<Body> {
  return { status: 200, headers: [...jsonType, ...headers], body };
}

/** The headers of the message itself; the connection's own come behind them. */
export function messageHeaders({ headers, body }: Answer): string[] {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  return ['Content-Length', `${length}`, 'Cache-Control', 'no-store', ...headers];
}

/** A whole answer as it goes over the wire. */
export interface PrintedAnswer {
  readonly text: string;
  /** The cheapest one that the text fits in. */
  readonly encoding: 'latin1' | 'utf8';
}

/** The same as node:http makes of it. */
export function printAnswer({ status, headers, body }: Answer<string>, connectionHeaders: string): PrintedAnswer {
  const length = Buffer.byteLength(body);
  const text = printHead({ status, headers, length }, connectionHeaders) + body;
  // Heads are ASCII.
  return { text, encoding: length === body.length ? 'latin1' : 'utf8' };
}

/** The head of an answer whose body has `length` bytes, as node:http prints it. */
export function printHead(
  { status, headers, length }: Omit<Answer, 'body'> & { readonly length: number },
  connectionHeaders: string,
): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Length: ${length}\r\nCache-Control: no-store\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${head}${connectionHeaders}\r\n`;
}
