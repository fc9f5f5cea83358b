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
export function messageHeaders({ headers, body }: Answer): readonly string[] {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  return ['Content-Length', `${length}`, 'Cache-Control', 'no-store', ...headers];
}

/** A whole answer with a text as its body, as it goes over the wire. */
export function printAnswer(answer: Answer<string>, connectionHeaders: string): string {
  const headers = messageHeaders(answer);
  let text = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n`;
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${text}${connectionHeaders}\r\n${answer.body}`;
}
