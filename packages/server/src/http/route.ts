import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TObject, TSchema } from 'typebox';
import type { Query } from './query.ts';

/** One resource: what it does, and what the OpenAPI document says about it. */
export interface Route {
  readonly path: '/' | `/-/${string}` | '/:streamId' | '/:streamId/:version';
  readonly methods: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE')[];
  readonly summary: string;
  readonly tag: 'streams' | 'feed' | 'consumers' | 'operations';
  /** The query parameters that exist; any other is refused. Their values are checked where they are used. */
  readonly query?: TObject;
  /** The request body, for the document only. */
  readonly body?: TSchema;
  /** Media type and schema of the answers by status; every path may also answer a problem. */
  readonly answers: Readonly<Record<number, Readonly<Record<string, TSchema>>>>;
  /** Answers, or throws what becomes a problem. */
  readonly handle: (exchange: Exchange) => void | Promise<void>;
}

/** One request and the answer to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The request target in origin form, as it was sent. */
  readonly target: string;
  readonly query: Query;
}

/** `GET` and its `HEAD`, which answers the same head: it does the same, up to where the head is known. */
export const readMethods = ['GET', 'HEAD'] as const;
