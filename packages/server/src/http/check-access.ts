/**
 * Who may ask: the name that the client used for this server (against DNS rebinding), the page that
 * a browser sends the request for, and the bearer token.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { EventStoreError } from '@event-store/core';

/** What anybody may ask without a token. */
const openPaths: ReadonlySet<string> = new Set(['/', '/-/health/live', '/-/health/ready']);

export class AccessCheck {
  readonly #checksHost: boolean;
  readonly #allowedHosts: ReadonlySet<string>;
  readonly #allowedOrigins: ReadonlySet<string>;
  readonly #tokenDigest: Buffer | undefined;
  #lastLocalHost: string | undefined;

  constructor(rules: {
    /** The address listened on; on loopback `Host` must be a name of this machine, an IP address or allowed. */
    host: string;
    allowedHosts: readonly string[];
    allowedOrigins: readonly string[];
    token: string | undefined;
  }) {
    this.#checksHost = isLoopback(rules.host);
    this.#allowedHosts = new Set(rules.allowedHosts.map((each) => each.toLowerCase()));
    this.#allowedOrigins = new Set(rules.allowedOrigins.map((each) => each.toLowerCase()));
    this.#tokenDigest = rules.token === undefined ? undefined : digest(rules.token);
  }

  /** @throws EventStoreError `foreign-host`. */
  checkHost({ host = '' }: IncomingHttpHeaders): void {
    if (!this.#checksHost || host === this.#lastLocalHost) return;
    const name = host.replace(/:[0-9]*$/, '').toLowerCase();
    const address = name.startsWith('[') ? name.slice(1, -1) : name;
    if (!isLoopback(name) && isIP(address) === 0 && !this.#allowedHosts.has(name)) {
      throw new EventStoreError(
        'foreign-host',
        'This server listens on loopback and was addressed by a foreign name. EVENT_STORE_ALLOWED_HOSTS lists further names.',
      );
    }
    this.#lastLocalHost = host;
  }

  /**
   * Browsers say on whose behalf they ask; other clients send none of these headers. Gives the
   * origin if it is a foreign one that is allowed.
   *
   * @throws EventStoreError `foreign-origin`.
   */
  checkOrigin(headers: IncomingHttpHeaders): string | undefined {
    const { origin } = headers;
    if (origin === undefined) {
      const site = headers['sec-fetch-site'];
      if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
    } else {
      const given = origin.toLowerCase();
      const host = headers.host?.toLowerCase();
      if (given === `http://${host}` || given === `https://${host}`) return undefined;
      if (this.#allowedOrigins.has(given)) return origin;
    }
    throw new EventStoreError(
      'foreign-origin',
      'A web page of another origin asks, and that origin is not in EVENT_STORE_ALLOWED_ORIGINS.',
    );
  }

  /** @throws EventStoreError `unauthenticated`. */
  checkToken(path: string, { authorization = '' }: IncomingHttpHeaders): void {
    if (this.#tokenDigest === undefined || openPaths.has(path)) return;
    const given = /^bearer +(.+)$/i.exec(authorization)?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), this.#tokenDigest)) return;
    throw new EventStoreError('unauthenticated', 'Send "Authorization: Bearer" with the token of this server.');
  }
}

export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/** Digests have one length, so that comparing them tells nothing about the token. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
