import type { StorageEngine } from '@event-store/core';

/** An engine that hands everything on, but for what is changed. */
export function delegatedEngine(engine: StorageEngine, changes: Partial<StorageEngine>): StorageEngine {
  return {
    capabilities: engine.capabilities,
    consumers: engine.consumers,
    append: (request) => engine.append(request),
    readStream: (request) => engine.readStream(request),
    readFeed: (request) => engine.readFeed(request),
    streamVersion: (streamId) => engine.streamVersion(streamId),
    feedEnd: () => engine.feedEnd(),
    listStreams: (request) => engine.listStreams(request),
    onCommit: (listener) => engine.onCommit(listener),
    health: () => engine.health(),
    statistics: () => engine.statistics(),
    close: () => engine.close(),
    ...changes,
  };
}
