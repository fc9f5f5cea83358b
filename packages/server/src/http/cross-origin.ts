/** What web pages of an allowed origin need in order to ask (the CORS protocol of the Fetch standard). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendHead } from './send.ts';

const secondsPerHour = 3_600;

/** Lets pages of the origin read the answer. */
export function shareAnswer(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader(
    'Access-Control-Expose-Headers',
    'Consumer-Epoch, ETag, Location, Idempotent-Replayed, Retry-After',
  );
}

/** Whether a browser asks what a page may do, before it asks for the page. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

export function answerPreflight(response: ServerResponse, methods: readonly string[]): void {
  sendHead(response, 204, [
    'Access-Control-Allow-Methods',
    methods.join(', '),
    'Access-Control-Allow-Headers',
    'Authorization, Content-Type, If-None-Match, Last-Event-ID',
    'Access-Control-Max-Age',
    `${secondsPerHour}`,
  ]);
}
