import type { ErrorCode, ErrorDetails } from '@event-store/core';

/** Bytes for a socket, and what must come back. Cases are data; raw-sockets.ts runs them. */
export interface RawCase {
  readonly name: string;
  /** What is sent, one character for each byte (Latin-1). */
  readonly bytes: (target: RawTarget) => string;
  /** The status of the first answer; several where the specification leaves it open. */
  readonly status: number | readonly number[];
  /** The code of the refusal, where there is exactly one. */
  readonly code?: ErrorCode;
  /** Members that stand beside the code. */
  readonly members?: ErrorDetails;
  /** What the server does with the connection after its answer. */
  readonly connection: 'closes' | 'stays' | 'either';
  /** How many answers there are; 1 when not given. Two requests in one packet have two. */
  readonly answers?: number;
}

/** Where a case is sent, and the names that are its own. */
export interface RawTarget {
  /** `Host` of the server. */
  readonly host: string;
  /** The path of a stream that nothing is stored in. */
  readonly path: string;
  /** A whole second request, an append to another stream, that must never run. */
  readonly smuggled: string;
}

/** The body of an append. */
export const body = '{"type":"T","data":""}';

/** A request from its parts, with `Host`. In headers `{n}` stands for the length of the body. */
export function rawRequest(
  { host }: RawTarget,
  { line, headers = [], content = '' }: { line: string; headers?: readonly string[]; content?: string },
): string {
  const lines = headers.map((header) => header.replaceAll('{n}', String(content.length)));
  return [line, `Host: ${host}`, ...lines, '', content].join('\r\n');
}

/** An append from its headers and its content, which hides the smuggled request where that is asked for. */
export function rawAppend(target: RawTarget, headers: readonly string[], content: string = body): string {
  return rawRequest(target, { line: `POST ${target.path} HTTP/1.1`, headers, content });
}

/** A request that is refused as malformed, after which nothing on the connection can be trusted. */
export function malformed(name: string, bytes: RawCase['bytes']): RawCase {
  return { name, bytes, status: 400, code: 'bad-request', connection: 'closes' };
}
