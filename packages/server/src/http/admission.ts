/**
 * What every request passes before it is routed. Nothing of a refused request runs, and where its
 * framing cannot be trusted, nothing that follows on its connection runs either.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { EventStoreError } from '@event-store/core';
import type { AccessCheck } from './check-access.ts';
import { checkFraming } from './check-framing.ts';
import type { Connections } from './connections.ts';
import { answerPreflight, isPreflight, shareAnswer } from './cross-origin.ts';
import type { PathMethods } from './path-methods.ts';
import type { Refusals } from './refusals.ts';
import { pathOf } from './stream-path.ts';

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

export class Admission {
  readonly #connections: Connections;
  readonly #access: AccessCheck;
  readonly #methods: PathMethods;
  readonly #refusals: Refusals;

  constructor(parts: {
    connections: Connections;
    access: AccessCheck;
    methods: PathMethods;
    refusals: Refusals;
  }) {
    this.#connections = parts.connections;
    this.#access = parts.access;
    this.#methods = parts.methods;
    this.#refusals = parts.refusals;
  }

  /** Hands an admitted request on when it is its turn; answers any other. */
  admit(request: IncomingMessage, response: ServerResponse, next: Handle): void {
    this.#connections.accept(request, response, () => {
      try {
        if (this.#check(request, response)) next(request, response);
      } catch (error) {
        this.#refusals.refuse(response, error);
      }
    });
  }

  /** Whether the request goes on; `false` when it is answered already. */
  #check(request: IncomingMessage, response: ServerResponse): boolean {
    checkFraming(request);
    const { url = '', method = '', headers } = request;
    this.#access.checkHost(headers);
    const methods = this.#methods.of(url);
    const origin = this.#access.checkOrigin(headers);
    if (origin !== undefined) {
      shareAnswer(response, origin);
      if (methods !== undefined && isPreflight(request)) {
        answerPreflight(response, methods);
        return false;
      }
    }
    this.#access.checkToken(pathOf(url), headers);
    checkRoute(method, methods);
    return true;
  }
}

function checkRoute(method: string, allow: readonly string[] | undefined): void {
  if (allow === undefined) {
    const detail = 'There is nothing at this path. No path ends with a slash or has two slashes in a row.';
    throw new EventStoreError('no-route', detail);
  }
  if (allow.includes(method)) return;
  throw new EventStoreError('method-not-allowed', `This path allows ${allow.join(', ')}.`, { details: { allow } });
}
