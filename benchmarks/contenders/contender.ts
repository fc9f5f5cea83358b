/**
 * What is compared. A contender starts servers in a directory of its own and knows how load is put
 * on it in its own protocol; a workload lists the contenders that have the ability it measures.
 * A rival is one more file here, named in those lists.
 */
export interface Contender<Ability> {
  readonly name: string;
  /** What is true once it has answered a write; for replays, where the bytes come from. */
  readonly promise: string;
  /** Starts it with an empty store in `directory`, which exists. */
  start(directory: string): Promise<Running<Ability>>;
}

export type Running<Ability> = Ability & {
  /** Whose memory is watched, where that means something. */
  readonly processId: number | undefined;
  /** What runs, by name. */
  readonly versions: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

/** Appends over a number of connections, each of which waits for an answer before it sends the next. */
export interface Appends {
  append(load: AppendLoad): Promise<AppendMeasurement>;
  /** How many events it holds; absent where nothing is stored. */
  countEvents?(): Promise<number>;
  /** The names of an answer's headers and members, for those that speak the same protocol. */
  answerShape?(): Promise<readonly string[]>;
}

export interface AppendLoad {
  readonly connections: number;
  readonly seconds: number;
  readonly eventsPerAppend: number;
  /** How many streams they are spread over. */
  readonly streams: number;
  /** Of an event's data. */
  readonly dataBytes: number;
}

export interface AppendMeasurement {
  /** Appends that were answered as stored. */
  readonly appends: number;
  /** Any other answer, and connections that broke. */
  readonly failures: number;
  readonly eventsPerSecond: number;
  /** Of an append, or of as many as a rival sends at once in its place. */
  readonly latencyMs: LatencyMs;
}

export interface LatencyMs {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Sends all events in order over one connection. */
export interface ReplaysFeed {
  /** Stores so many small events, reads them back and tells what they are as lines. */
  fill(events: number): Promise<Filled>;
  /** The port to connect to, and what to send there to be sent everything until the end. */
  readonly replay: { readonly port: number; readonly request: string };
}

export interface Filled {
  readonly events: number;
  readonly lastPosition: number;
  readonly bytes: number;
}
