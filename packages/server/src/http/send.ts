import type { ServerResponse } from 'node:http';

/**
 * Writes a whole answer in one go. Header names and values stand flat in one array, which is the
 * form that Node.js writes without copying. `HEAD` gets the same head; Node.js leaves the body out.
 */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent) return;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, ['Content-Length', `${length}`, 'Cache-Control', 'no-store', ...headers]);
  response.end(body);
}

interface Answer {
  readonly status: number;
  /** Name, value, name, value, … */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array;
}

export const jsonType = ['Content-Type', 'application/json'] as const;

/** Answers 200 with text that is JSON already. */
export function sendJson(response: ServerResponse, body: string | Uint8Array, headers: readonly string[] = []): void {
  send(response, { status: 200, headers: [...jsonType, ...headers], body });
}

/** Answers that have nothing to tell but their head: 304, and `HEAD` without the work of `GET`. */
export function sendHead(response: ServerResponse, status: number, headers: readonly string[]): void {
  if (response.headersSent) return;
  response.writeHead(status, ['Cache-Control', 'no-store', ...headers]);
  response.end();
}
