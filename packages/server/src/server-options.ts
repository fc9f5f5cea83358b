import type { Clock } from '@event-store/core';
import type { DestinationStream } from 'pino';
import type { RequestTimeouts } from './http/create-http-server.ts';
import type { LogLevel } from './observability/log.ts';

/** What a server is started with; everything comes in here, nothing is read from the environment. */
export interface ServerOptions {
  /** The name or address to listen on. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly productVersion: string;
  /** Required as a bearer token on everything but `/` and health, when given. */
  readonly token?: string | undefined;
  /** Origins whose web pages may ask, such as `https://app.example.com`. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Names under which this server may be addressed on loopback, beside the machine's own. */
  readonly allowedHosts?: readonly string[] | undefined;
  readonly logLevel?: LogLevel | undefined;
  /** Where log lines go; standard output by default. */
  readonly logDestination?: DestinationStream | undefined;
  readonly clock?: Clock | undefined;
  readonly timeouts?: Partial<RequestTimeouts> | undefined;
  /** Connections at a time; fewer than the process may have, or the engine finds no descriptor when it needs one. */
  readonly connectionsMax?: number | undefined;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Stops taking appends, lets what is under way finish, and closes the engine; at most 10 s. */
  stop(): Promise<void>;
}
