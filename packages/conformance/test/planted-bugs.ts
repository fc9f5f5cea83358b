/** Engines that are right but for one bug each, made by changing what the memory engine says. */
import type {
  AppendRequest,
  AppendResult,
  ConsumerName,
  ConsumerRecord,
  ConsumerStore,
  FeedBatch,
  ReadFeedRequest,
  ReadStreamRequest,
  StorageEngine,
} from '@event-store/core';

/** What a bug changes of a right engine. */
export type Bug = (engine: StorageEngine) => Partial<StorageEngine>;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function changedLines(engine: StorageEngine, change: (line: string) => string): Partial<StorageEngine> {
  const changed = (lines: Uint8Array) => encoder.encode(decoder.decode(lines).replace(/[^\n]+/g, change));
  return {
    async *readStream(request) {
      for await (const batch of engine.readStream(request)) yield { ...batch, lines: changed(batch.lines) };
    },
    async *readFeed(request) {
      for await (const batch of engine.readFeed(request)) yield { ...batch, lines: changed(batch.lines) };
    },
  };
}

const changedFeed =
  (change: (batch: FeedBatch, request: ReadFeedRequest) => FeedBatch): Bug =>
  (engine) => ({
    async *readFeed(request) {
      for await (const batch of engine.readFeed(request)) yield change(batch, request);
    },
  });

function withRevisions(consumers: ConsumerStore, revisionOf: (name: string) => number) {
  const changed = (record: ConsumerRecord) => ({ ...record, revision: revisionOf(record.name) });
  return {
    async read(name: ConsumerName) {
      const record = await consumers.read(name);
      return record && changed(record);
    },
    list: async (request: Parameters<ConsumerStore['list']>[0]) => (await consumers.list(request)).map(changed),
  };
}

const changedStreamRead =
  (change: (request: ReadStreamRequest) => ReadStreamRequest): Bug =>
  (engine) => ({ readStream: (request) => engine.readStream(change(request)) });

const changedFeedRead =
  (change: (request: ReadFeedRequest) => ReadFeedRequest): Bug =>
  (engine) => ({ readFeed: (request) => engine.readFeed(change(request)) });

const changedAppend =
  (change: (request: AppendRequest) => AppendRequest): Bug =>
  (engine) => ({ append: (request) => engine.append(change(request)) });

const changedResult =
  (change: (result: AppendResult) => AppendResult): Bug =>
  (engine) => ({ append: async (request) => change(await engine.append(request)) });

/** The append, with its stream's part and events changed. */
function eachStream(
  { streams }: AppendRequest,
  change: (stream: AppendRequest['streams'][number]) => Partial<AppendRequest['streams'][number]>,
): AppendRequest {
  return { streams: streams.map((stream) => ({ ...stream, ...change(stream) })) };
}

export const plantedBugs: Readonly<Record<string, Bug>> = {
  'a conflict names the version that was expected': changedResult((result) =>
    result.outcome === 'version-conflict' ? { ...result, currentVersion: result.currentVersion + 1 } : result,
  ),
  'a replay says that it was stored': changedResult((result) =>
    result.outcome === 'replayed' ? { ...result, outcome: 'appended' } : result,
  ),
  'the position is that of the first event': changedResult((result) =>
    'streams' in result
      ? {
          ...result,
          streams: result.streams.map((place) => ({
            ...place,
            position: (place.position ?? 0) - (place.version - place.firstVersion),
          })),
        }
      : result,
  ),
  'ids are forgotten': changedAppend((request) =>
    eachStream(request, ({ events }) => ({ events: events.map((event) => ({ ...event, id: undefined })) })),
  ),
  'metadata is dropped': changedAppend((request) =>
    eachStream(request, ({ events }) => ({ events: events.map((event) => ({ ...event, metadata: undefined })) })),
  ),
  'base64 is normalised': changedAppend((request) =>
    eachStream(request, ({ events }) => ({
      events: events.map((event) => ({ ...event, data: btoa(atob(event.data)) })),
    })),
  ),
  'the expected version is ignored': changedAppend((request) =>
    eachStream(request, () => ({ expectedVersion: undefined })),
  ),
  'only the first stream of an append is stored': changedAppend(({ streams }) => ({ streams: streams.slice(0, 1) })),
  'the expected version is compared with a stale head': (engine) => ({
    async append(request) {
      const [stream] = request.streams;
      if (stream === undefined || stream.events[0]?.id !== undefined) return engine.append(request);
      const isNext = stream.expectedVersion === (await engine.streamVersion(stream.streamId)) + 1;
      return engine.append(isNext ? eachStream(request, () => ({ expectedVersion: undefined })) : request);
    },
  }),
  'half an append is visible': (engine) => ({
    async append(request) {
      const [stream] = request.streams;
      if (stream === undefined || stream.events.length < 2 || stream.events[0]?.id !== undefined) {
        return engine.append(request);
      }
      const { events, ...rest } = stream;
      await engine.append({ streams: [{ ...rest, events: events.slice(0, 1) }] });
      await new Promise(setImmediate);
      const result = await engine.append({
        streams: [{ ...rest, expectedVersion: undefined, events: events.slice(1) }],
      });
      if (result.outcome !== 'appended') return result;
      return {
        ...result,
        streams: result.streams.map((place) => ({ ...place, firstVersion: place.firstVersion - 1 })),
      };
    },
  }),
  'a backward read past the head finds nothing': (engine) => ({
    async *readStream(request) {
      if (request.direction === 'backward' && request.from > (await engine.streamVersion(request.streamId))) return;
      yield* engine.readStream(request);
    },
  }),
  'a forward read starts one late': changedStreamRead((request) =>
    request.direction === 'forward' && request.from > 1 ? { ...request, from: request.from + 1 } : request,
  ),
  'the limit of a stream read is ignored': changedStreamRead(({ streamId, from, direction }) => ({
    streamId,
    from,
    direction,
  })),
  'the limit of a feed read is ignored': changedFeedRead(({ limit: _, ...request }) => request),
  'the feed repeats the cursor': changedFeedRead((request) =>
    request.after > 0 ? { ...request, after: request.after - 1 } : request,
  ),
  'a cursor past the end is taken for the end': (engine) => ({
    async *readFeed(request) {
      const end = engine.statistics().events ?? 0;
      yield* engine.readFeed({ ...request, after: Math.min(request.after, end) });
    },
  }),
  'the prefix is ignored when there are types': changedFeedRead((request) =>
    request.filter?.types === undefined ? request : { ...request, filter: { types: request.filter.types } },
  ),
  'a filtered cursor runs ahead': changedFeed((batch, { filter }) =>
    filter === undefined || batch.caughtUp ? batch : { ...batch, through: batch.through + 1 },
  ),
  'every batch is caught up': changedFeed((batch) => ({ ...batch, caughtUp: true })),
  'no batch is caught up': changedFeed((batch) => ({ ...batch, caughtUp: false })),
  'a read is one batch, however long': (engine) => ({
    async *readStream(request) {
      const batches = [];
      for await (const batch of engine.readStream(request)) batches.push(batch);
      const through = batches.at(-1)?.through;
      if (through === undefined) return;
      const count = batches.reduce((sum, batch) => sum + batch.count, 0);
      yield { lines: Buffer.concat(batches.map(({ lines }) => lines)), count, through };
    },
  }),
  'line breaks stand in lines': (engine) => changedLines(engine, (line) => line.replaceAll('\\u2028', '\u2028')),
  'fields come in another order': (engine) =>
    changedLines(engine, (line) => JSON.stringify({ type: '', ...JSON.parse(line) })),
  'times have no milliseconds': (engine) => changedLines(engine, (line) => line.replace(/(:\d\d)\.\d{3}Z/, '$1Z')),
  'times go back': (engine) =>
    changedLines(engine, (line) => {
      const { time, position } = JSON.parse(line);
      return line.replace(time, new Date(Date.parse(time) - position * 10_000_000).toISOString());
    }),
  'streams are listed in UTF-16 order': (engine) => ({
    async listStreams({ prefix, after, limit }) {
      const all = await engine.listStreams({ prefix, after: '', limit: 10_000 });
      return all
        .filter(({ streamId }) => streamId > after)
        .sort((a, b) => (a.streamId < b.streamId ? -1 : 1))
        .slice(0, limit);
    },
  }),
  'the list of streams includes its cursor': (engine) => ({
    listStreams: ({ after, ...request }) => engine.listStreams({ ...request, after: after.slice(0, -1) }),
  }),
  'a list that is said to be missing is there': ({ capabilities }) => ({
    capabilities: { ...capabilities, listsStreams: false },
  }),
  'commits are not told': () => ({ onCommit: () => () => undefined }),
  'commits are told before they are visible': (engine) => ({
    onCommit: (listener) => engine.onCommit((position) => listener(position + 1)),
  }),
  'unsubscribing does nothing': (engine) => ({
    onCommit(listener) {
      engine.onCommit(listener);
      return () => undefined;
    },
  }),
  'a consumer is overwritten whatever its revision': ({ consumers }) => ({
    consumers: {
      read: (name) => consumers.read(name),
      list: (request) => consumers.list(request),
      async write(change) {
        const current = await consumers.read(change.name);
        return consumers.write({ ...change, expectedRevision: current?.revision ?? 0 });
      },
    },
  }),
  'a removed consumer begins with its first revision again': ({ consumers }) => {
    const changes = new Map<string, number>();
    return {
      consumers: {
        ...withRevisions(consumers, (name) => changes.get(name) ?? 0),
        async write(change) {
          const current = await consumers.read(change.name);
          const isExpected = change.expectedRevision === (current === undefined ? 0 : changes.get(change.name));
          const expectedRevision = isExpected ? (current?.revision ?? 0) : -1;
          const result = await consumers.write({ ...change, expectedRevision });
          if (result.outcome === 'written') {
            changes.set(change.name, change.state === undefined ? 0 : change.expectedRevision + 1);
            return result;
          }
          const revision = changes.get(change.name) ?? 0;
          return { ...result, current: result.current && { ...result.current, revision } };
        },
      },
    };
  },
  'the list of consumers includes its cursor': ({ consumers }) => ({
    consumers: {
      read: (name) => consumers.read(name),
      write: (change) => consumers.write(change),
      list: ({ after, limit }) => consumers.list({ after: after.slice(0, -1), limit }),
    },
  }),
  'the feed ends one event later than was answered': (engine) => ({
    feedEnd: async () => Math.max((await engine.feedEnd()) - 1, 0),
  }),
  'a filter lets every slot through': changedFeedRead(({ filter, ...request }) => {
    if (filter === undefined) return request;
    const { slots: _, ...others } = filter;
    return { ...request, filter: others };
  }),
};
