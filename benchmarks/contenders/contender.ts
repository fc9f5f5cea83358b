/**
 * What is compared. A contender starts servers in a directory of its own and knows how load is put
 * on it in its own protocol; a workload lists the contenders that have the ability it measures.
 * A rival is one more file here, named in those lists.
 */
import type { LoadMeasurement } from '../load/load-measurement.ts';
import type { Percentiles } from '../measure/percentiles.ts';

export interface Contender<Ability> {
  readonly name: string;
  /** What is true once it has answered a write; for replays, where the bytes come from. */
  readonly promise: string;
  /** Starts it on what `directory` holds, which exists and is empty the first time. */
  start(directory: string): Promise<Running<Ability>>;
}

export type Running<Ability> = Ability & {
  /** Whose memory is watched, where that means something. */
  readonly processId: number | undefined;
  /** What runs, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
};

/** Can be reached by other means than its own loads. */
export interface ServesHttp {
  readonly port: number;
}

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
  /** Events that were answered as stored. */
  readonly events: number;
  readonly failures: number;
  readonly eventsPerSecond: number;
  /** Of an append, or of as many commands as a rival is sent at once in its place. */
  readonly latencyMs: Percentiles;
}

/** Reads streams from their first event on, over a number of connections, a stream after the other. */
export interface ReadsStreams {
  /** Stores events in streams 1 to `streams`, in appends of `eventsPerAppend`, the streams in turn. */
  fillStreams(fill: StreamsFill): Promise<void>;
  readStreams(load: StreamsLoad): Promise<LoadMeasurement>;
  /** The data of all events of a stream. */
  dataOfStream(stream: number): Promise<readonly string[]>;
}

export interface StreamsFill {
  readonly streams: number;
  readonly eventsPerStream: number;
  readonly eventsPerAppend: number;
}

export interface StreamsLoad {
  readonly streams: number;
  readonly eventsPerStream: number;
  readonly connections: number;
  readonly seconds: number;
}

/** Sends all events, or some of them, in order over one connection. */
export interface ReplaysFeed {
  /** Stores so many small events, in appends of a thousand. */
  fillFeed(events: number): Promise<void>;
  /** Reads everything once, as fast as it comes, and makes sure that it was everything. */
  replay(): Promise<Replayed>;
}

/** Reads the events of one type out of a feed in which every so many events one is of it. */
export interface FiltersFeed {
  fillMixedFeed(fill: { readonly events: number; readonly wantedEvery: number }): Promise<void>;
  /** Tells how many events it was sent. */
  replayWanted(): Promise<Replayed>;
}

export interface Replayed {
  readonly events: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** The name of a stream, the same everywhere; load generators put eight digits in. */
export function streamName(number: number): string {
  return `account-${String(number).padStart(8, '0')}`;
}

/** What was answered as stored, where an append has so many events. */
export function appendMeasurement(load: LoadMeasurement, eventsPerAppend: number): AppendMeasurement {
  const { requests, failures, requestsPerSecond, latencyMs } = load;
  return {
    events: (requests - failures) * eventsPerAppend,
    failures,
    eventsPerSecond: requestsPerSecond * eventsPerAppend,
    latencyMs,
  };
}
