import type { TestRunner } from '../test-runner.ts';
import type { StoreClient } from './store-client.ts';

/** What differs between servers that all keep the contract. Missing abilities are tested too. */
export interface HttpCapabilities {
  /** Whether an append answers its position. */
  readonly positionOnAppend: boolean;
  /** Whether `/-/events` is served; otherwise it is 501 `not-supported`. */
  readonly feed: boolean;
  /** Whether `/-/streams` is served; otherwise it is 501 `not-supported`. */
  readonly listsStreams: boolean;
  /** Whether every use of a known id is noticed, as `EngineCapabilities` has it. */
  readonly noticesReusedIds: boolean;
  /** Whether the server listens on loopback alone, and so refuses foreign hosts. */
  readonly refusesForeignHosts: boolean;
  /** An origin and a host that the server is configured to serve; `undefined` when it has none. */
  readonly configured: { readonly origin: string; readonly host: string } | undefined;
  /** Whether the server's time-outs for heads and bodies are short enough (below 3 s) to be waited for. */
  readonly shortTimeouts: boolean;
}

/** What the suite is run with. */
export interface HttpConformanceOptions {
  /** The runner that the tests are registered with. */
  readonly test: TestRunner;
  /** Where the server under test is; asked when a test runs, so the server may be started by a hook. */
  readonly baseUrl: () => string;
  /** The bearer token that the server requires, if it requires one. */
  readonly token?: string;
  readonly capabilities: HttpCapabilities;
  /** Pipelined requests are cut at every so many bytes, at each byte when not given: thousands of appends. */
  readonly bytesBetweenCuts?: number;
  /** So often an append comes as a reader reaches the end: 10,000 times when not given. */
  readonly momentsOfCatchingUp?: number;
}

/** What each section of the suite is given. */
export interface HttpSuite extends TestRunner {
  readonly client: StoreClient;
  readonly baseUrl: () => string;
  /** The bearer token that the server requires; `undefined` when it requires none. */
  readonly token: string | undefined;
  readonly capabilities: HttpCapabilities;
  readonly bytesBetweenCuts: number;
  readonly momentsOfCatchingUp: number;
}
