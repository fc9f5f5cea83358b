/** Reads everything that is stored, as the last thing of a history. */
import { Agent } from 'node:http';
import type { RecordedEvent } from '../../packages/core/src/event.ts';
import type { StoredRead } from '../checker/history.ts';
import { exchange, pathOf } from './exchange.ts';
import type { Recorder } from './recorder.ts';

/** The ends of the feed and of the streams. */
export interface StoredEnds {
  readonly position: number;
  readonly versions: ReadonlyMap<string, number>;
}

export async function readStored(url: string, moment: StoredRead['moment'], recorder: Recorder): Promise<StoredEnds> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const read = async (path: string, streamId?: string) => {
    const { status, text } = await exchange(url, agent, { path, accept: 'application/x-ndjson' });
    if (status !== 200) throw new Error(`${path} was answered with ${status}: ${text}`);
    const events = recorder.seeLines(text);
    recorder.add({ kind: 'stored', moment, ...(streamId !== undefined && { streamId }), events });
    return events.length;
  };
  const position = await read('/-/events');
  const versions = new Map<string, number>();
  for (const streamId of await streamIdsAt(url, agent)) {
    versions.set(streamId, await read(pathOf(streamId), streamId));
  }
  agent.destroy();
  return { position, versions };
}

async function streamIdsAt(url: string, agent: Agent): Promise<readonly string[]> {
  const streamIds: string[] = [];
  for (let after = ''; ; ) {
    const { text } = await exchange(url, agent, { path: `/-/streams?limit=1000&after=${encodeURIComponent(after)}` });
    const { pagination, payload } = JSON.parse(text);
    if (payload.length === 0) return streamIds;
    streamIds.push(...payload.map(({ streamId }: RecordedEvent) => streamId));
    after = pagination.nextAfter;
  }
}
