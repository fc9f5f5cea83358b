/**
 * What the HTTP parser lets pass and this server does not: other versions, transfer codings that a
 * proxy might read differently, and hosts or tokens that contradict each other (RFC 9112 sections
 * 3.2 and 6).
 */
import type { IncomingMessage } from 'node:http';
import { EventStoreError, limits } from '@event-store/core';

/**
 * Checks the framing of a request, and brings an absolute target into origin form.
 *
 * @throws EventStoreError `version-not-supported`, `target-too-long`, `bad-request`.
 */
export function checkFraming(request: IncomingMessage): void {
  const { httpVersion, headers } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    throw new EventStoreError('version-not-supported', 'This server speaks HTTP/1.1.');
  }
  checkTarget(request);
  checkHost(request.rawHeaders, headers.host);
  // Node.js gives the first of several and drops the others; whoever looked before us may have gone by another.
  if (countOf('authorization', request.rawHeaders) > 1) throw badRequest('A request has at most one "Authorization".');
  const coding = headers['transfer-encoding']?.toLowerCase();
  if (coding !== undefined && (coding !== 'chunked' || httpVersion === '1.0')) {
    throw badRequest('The only transfer coding is "chunked", and only in HTTP/1.1.');
  }
}

function checkTarget(request: IncomingMessage): void {
  const { url: target = '', headers } = request;
  if (target.length > limits.targetBytesMax) {
    throw new EventStoreError('target-too-long', `A request target has at most ${limits.targetBytesMax} bytes.`, {
      details: { limit: limits.targetBytesMax },
    });
  }
  if (target.includes('#')) throw badRequest('A request target has no fragment.');
  if (target.startsWith('/')) return;
  const absolute = /^https?:\/\/([^/?]+)(.*)$/i.exec(target);
  const [, authority = '', rest = ''] = absolute ?? [];
  if (absolute === null || authority.toLowerCase() !== headers.host?.toLowerCase()) {
    throw badRequest('The request target must be a path, or an absolute URL whose host is that of "Host".');
  }
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
}

const hostPattern = /^(\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+,;=%-]+)(?::([0-9]{0,5}))?$/i;

function checkHost(rawHeaders: readonly string[], host: string | undefined): void {
  if (countOf('host', rawHeaders) !== 1 || host === undefined) throw badRequest('A request has exactly one "Host".');
  const match = hostPattern.exec(host);
  if (match === null || Number(match[2] ?? 0) > 65_535) throw badRequest('"Host" is not a host and an optional port.');
}

/** How many headers have this name, which is given in small letters. */
function countOf(header: string, rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === header.length && name.toLowerCase() === header) count++;
  }
  return count;
}

function badRequest(detail: string): EventStoreError {
  return new EventStoreError('bad-request', detail);
}
