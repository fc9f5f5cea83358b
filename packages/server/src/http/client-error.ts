/**
 * Connections on which HTTP itself went wrong. Answers that were under way before are finished
 * first, in their order; then the fault is answered once, and the connection closed.
 */
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ErrorCode, EventStoreError, limits } from '@event-store/core';
import type { Connections } from './connections.ts';
import type { Refusals } from './refusals.ts';

/** The parser's error, as Node.js hands it on. */
interface ParserError extends Error {
  readonly code?: string;
  readonly reason?: string;
}

export function clientErrorHandler(
  connections: Connections,
  refusals: Refusals,
): (error: ParserError, stream: Duplex) => void {
  const closeBehind = (last: ServerResponse, socket: Socket): void => {
    connections.condemn(socket);
    last.once('close', () => socket.destroySoon());
  };
  /** The body of the newest request is wrong; whoever was refused for its head is told that all the same. */
  const refuseBody = (last: ServerResponse, socket: Socket, error: ParserError): void => {
    if (!last.headersSent) refusals.refuse(last, faultOf(error));
    else if (last.writableEnded && !last.writableFinished) closeBehind(last, socket);
    else socket.destroy();
  };
  return (error, stream) => {
    if (!(stream instanceof Socket) || connections.isCondemned(stream)) return;
    const last = connections.lastAnswer(stream);
    if (!stream.writable || error.code === 'ECONNRESET') {
      stream.destroy();
    } else if (last !== undefined && !last.req.complete) {
      connections.onceNewestBegan(stream, () => refuseBody(last, stream, error));
    } else {
      refuseBehindAnswers(stream, faultOf(error), { connections, refusals });
    }
  };
}

/** Refuses what comes next on a connection, behind the answers that are under way, and closes it. */
export function refuseBehindAnswers(
  socket: Socket,
  fault: EventStoreError,
  { connections, refusals }: { connections: Connections; refusals: Refusals },
): void {
  const last = connections.lastAnswer(socket);
  if (last === undefined || last.writableFinished) {
    refusals.refuseConnection(socket, fault);
    return;
  }
  connections.condemn(socket);
  last.once('close', () => refusals.refuseConnection(socket, fault));
}

function faultOf({ code, reason }: ParserError): EventStoreError {
  const [problem, detail] = describe(code, reason);
  return new EventStoreError(
    problem,
    detail,
    problem === 'headers-too-large' ? { details: { limit: limits.headBytesMax } } : {},
  );
}

function describe(code: string | undefined, reason: string | undefined): readonly [ErrorCode, string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return ['headers-too-large', `A request head has at most ${limits.headBytesMax} bytes.`];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['request-timeout', 'The request did not arrive in time.'];
    case 'HPE_PAUSED_H2_UPGRADE':
      return ['version-not-supported', 'This server speaks HTTP/1.1.'];
    case 'HPE_INVALID_VERSION':
      if (reason === 'Invalid HTTP version') return ['version-not-supported', 'This server speaks HTTP/1.1.'];
  }
  return ['bad-request', `The request is not well-formed HTTP${reason === undefined ? '' : `: ${reason}`}.`];
}
