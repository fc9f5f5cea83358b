import type { IncomingMessage, ServerResponse } from 'node:http';

/** One resource: what it does, and what the OpenAPI document says about it. */
export interface Route {
  readonly path: string;
  readonly methods: readonly Method[];
  readonly documentation: RouteDocumentation;
  /** Answers, or throws what becomes a problem. */
  readonly handle: (exchange: Exchange) => void | Promise<void>;
}

/** One request and the answer to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The request target in origin form, as it was sent. */
  readonly target: string;
}

export type Method = 'GET' | 'HEAD' | 'POST';

/** JSON schemas and texts; nothing is validated or printed by them. */
export interface RouteDocumentation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly params?: object;
  readonly querystring?: object;
  readonly body?: object;
  readonly response: Readonly<Record<number, object>>;
}

/** `GET` and its `HEAD`, which answers the same head without the work. */
export const readMethods = ['GET', 'HEAD'] as const;
