/**
 * What becomes of a request that fails: a problem while nothing of the answer is sent, a reset
 * connection later, so that no cut answer is taken for a whole one. Faults of ours are logged.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode, EventStoreError } from '@event-store/core';
import type { Logger } from 'pino';
import type { Metrics } from '../observability/metrics.ts';
import { type Answer, printAnswer } from './answer.ts';
import type { Connections } from './connections.ts';
import { type Problem, problemAnswer, problemOf } from './problem.ts';
import { send } from './send.ts';
import { statusOf } from './status-of.ts';

/** The client went away before its request was whole or its answer taken: nobody is left to be told. */
export class ClientGone extends Error {}

/** After these it is not known where the next request would begin, or the rest of this one is not wanted. */
const closing: ReadonlySet<ErrorCode> = new Set([
  'bad-request',
  'version-not-supported',
  'request-timeout',
  'headers-too-large',
  'body-too-large',
  'expectation-failed',
]);

/** The others are refusals, or states that the engine reports once by itself. */
const logged: ReadonlySet<ErrorCode> = new Set(['internal-error', 'event-corrupt', 'outcome-unknown']);

export class Refusals {
  readonly #connections: Connections;
  readonly #metrics: Metrics;
  readonly #log: Logger;

  constructor(parts: { connections: Connections; metrics: Metrics; log: Logger }) {
    this.#connections = parts.connections;
    this.#metrics = parts.metrics;
    this.#log = parts.log;
  }

  refuse(response: ServerResponse, error: unknown): void {
    if (error instanceof ClientGone || response.writableEnded) return;
    const problem = this.#problemOf(error);
    const { socket, headers, complete } = response.req;
    if (response.headersSent) {
      socket.resetAndDestroy();
      return;
    }
    // Whether a client that waits for leave to send its body will send it now is not known either.
    if (closing.has(problem.code) || (headers.expect !== undefined && !complete)) {
      response.shouldKeepAlive = false;
      this.#connections.condemn(socket);
    }
    send(response, problemAnswer(problem));
    this.#metrics.answered(response.statusCode);
  }

  /** What a request that failed is answered, where the framing is not in doubt. */
  answerOf(error: unknown): Answer<string> {
    return problemAnswer(this.#problemOf(error));
  }

  /** Answers a fault for which there is no request, behind everything that was answered, and closes. */
  refuseConnection(socket: Socket, fault: EventStoreError): void {
    if (!socket.writable) return;
    this.#connections.condemn(socket);
    socket.write(printAnswer(problemAnswer(problemOf(fault)), 'Connection: close\r\n').text);
    socket.destroySoon();
    this.#metrics.answered(statusOf[fault.code]);
  }

  #problemOf(error: unknown): Problem {
    const problem = problemOf(error);
    if (logged.has(problem.code)) this.#log.error({ err: error, code: problem.code }, 'A request failed');
    return problem;
  }
}
