import { createServer, type Server } from 'node:http';
import { assert, EventStoreError, limits } from '@event-store/core';
import type { Admission, Handle } from './admission.ts';
import { clientErrorHandler, refuseBehindAnswers } from './client-error.ts';
import { PlainLane, type PlainLaneParts } from './plain-lane/plain-lane.ts';

/** How long a client may take; the defaults are those of the product, tests take less. */
export interface RequestTimeouts {
  /** For the head of a request. */
  readonly headMs: number;
  /** For a whole request, body included. */
  readonly requestMs: number;
  /** Without taking anything of an answer; it goes on later from its cursor. */
  readonly stallMs: number;
}

export const requestTimeouts: RequestTimeouts = { headMs: 10_000, requestMs: 30_000, stallMs: 30_000 };

/** Each takes a descriptor and some kilobytes; what needs more is behind a proxy. */
export const connectionsMaxDefault = 10_000;

/** Longer than the idle time of common proxies, so that it is they who close. */
const keepAliveMs = 75_000;

/**
 * Node's HTTP server with nothing left to its defaults that decides what is let in, behind the
 * lane for plain requests, which sees every connection first.
 */
export function createHttpServer(parts: {
  admission: Admission;
  lane: PlainLaneParts;
  timeouts: RequestTimeouts;
  connectionsMax: number;
  next: Handle;
}): Server {
  const { admission, timeouts, connectionsMax, next } = parts;
  const { connections, refusals } = parts.lane;
  const server = createServer({
    insecureHTTPParser: false,
    requireHostHeader: false,
    maxHeaderSize: limits.headBytesMax,
    headersTimeout: timeouts.headMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: Math.min(1_000, timeouts.headMs / 4),
    keepAliveTimeout: keepAliveMs,
    noDelay: true,
  });
  // The parser would drop every header behind the limit in silence; the head's size bounds them already.
  server.maxHeadersCount = 0;
  server.maxConnections = connectionsMax;
  const lane = new PlainLane(parts.lane, { headMs: timeouts.headMs, keepAliveMs, stallMs: timeouts.stallMs });
  const [serve] = server.listeners('connection');
  assert(serve !== undefined, 'node:http listens for connections');
  server.removeAllListeners('connection');
  server.on('connection', (socket) => lane.take(socket, () => serve.call(server, socket)));
  server.on('request', (request, response) => admission.admit(request, response, next));
  server.on('checkContinue', (request, response) => admission.admit(request, response, next));
  server.on('checkExpectation', (request, response) => {
    admission.admit(request, response, () => {
      refusals.refuse(response, new EventStoreError('expectation-failed', 'Only "100-continue" can be expected.'));
    });
  });
  server.on('connect', (request) => {
    const fault = new EventStoreError('bad-request', 'This server is no proxy.');
    refuseBehindAnswers(request.socket, fault, { connections, refusals });
  });
  server.on('clientError', clientErrorHandler(connections, refusals));
  return server;
}
