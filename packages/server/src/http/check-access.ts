/**
 * Who may ask: the name that the client used for this server (against DNS rebinding), the page that
 * a browser sends the request for, and the bearer token.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { EventStoreError } from '@event-store/core';

export interface AccessRules {
  /** The address listened on; on loopback `Host` must be a name of this machine, an IP address or allowed. */
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly token: string | undefined;
}

/** Throws `foreign-host`, `foreign-origin` or `unauthenticated`. */
export type CheckAccess = (path: string, headers: IncomingHttpHeaders) => void;

/** What anybody may ask without a token. */
const openPaths: ReadonlySet<string> = new Set(['/', '/-/health/live', '/-/health/ready']);

export function accessCheck({ host, allowedHosts, allowedOrigins, token }: AccessRules): CheckAccess {
  const checksHost = isLoopback(host);
  const hosts = new Set(allowedHosts.map((each) => each.toLowerCase()));
  const origins = new Set(allowedOrigins.map((each) => each.toLowerCase()));
  const tokenDigest = token === undefined ? undefined : digest(token);
  let lastLocalHost: string | undefined;
  return (path, headers) => {
    if (checksHost && headers.host !== lastLocalHost) {
      checkHost(headers.host ?? '', hosts);
      lastLocalHost = headers.host;
    }
    checkOrigin(headers, origins);
    if (tokenDigest !== undefined && !openPaths.has(path)) checkToken(headers.authorization, tokenDigest);
  };
}

export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

function checkHost(host: string, allowed: ReadonlySet<string>): void {
  const name = host.replace(/:[0-9]*$/, '').toLowerCase();
  const literal = name.startsWith('[') ? name.slice(1, -1) : name;
  if (isLoopback(name) || isIP(literal) !== 0 || allowed.has(name) || allowed.has(host.toLowerCase())) return;
  throw new EventStoreError('foreign-host', 'This server listens on loopback and was addressed by a foreign name.');
}

/** Browsers say on whose behalf they ask; other clients send none of these headers. */
function checkOrigin(headers: IncomingHttpHeaders, allowed: ReadonlySet<string>): void {
  const { origin } = headers;
  if (origin === undefined) {
    const site = headers['sec-fetch-site'];
    if (site === undefined || site === 'same-origin' || site === 'none') return;
  } else {
    const given = origin.toLowerCase();
    const host = headers.host?.toLowerCase();
    if (given === `http://${host}` || given === `https://${host}` || allowed.has(given)) return;
  }
  throw new EventStoreError('foreign-origin', 'A web page of another origin sent the request, and it is not allowed.');
}

function checkToken(authorization: string | undefined, tokenDigest: Buffer): void {
  const given = /^bearer +(.+)$/i.exec(authorization ?? '')?.[1];
  if (given !== undefined && timingSafeEqual(digest(given), tokenDigest)) return;
  throw new EventStoreError('unauthenticated', 'Send "Authorization: Bearer" with the token of this server.');
}

/** Digests have one length, so that comparing them tells nothing about the token. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
