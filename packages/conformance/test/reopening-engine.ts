/** A memory engine that can be reopened: what it stored is stored again, at the times that it had. */

import type { OpenEngine } from '@event-store/conformance';
import {
  type AppendRequest,
  type AppendResult,
  type Clock,
  type ConsumerStore,
  type StorageEngine,
  systemClock,
} from '@event-store/core';
import { openMemoryEngine } from '@event-store/engine-memory';
import { delegatedEngine } from './delegated-engine.ts';

/** One append, with what the clock said when it was stored. */
interface JournalEntry {
  readonly request: AppendRequest;
  readonly nowMs: number;
}

/** `recover` says what of the journal a reopened engine still knows; a right one knows all. */
export function openReopening(
  recover: (journal: readonly JournalEntry[]) => readonly JournalEntry[] = (journal) => journal,
): OpenEngine {
  return async ({ clock = systemClock }) => {
    const journal: JournalEntry[] = [];
    let consumers: ConsumerStore | undefined;
    const underWay = new Set<Promise<AppendResult>>();

    async function open(source: Clock): Promise<StorageEngine> {
      let nowMs = 0;
      const engine = openMemoryEngine({ clock: { ...source, now: () => nowMs } });
      for (const entry of recover(journal)) {
        nowMs = entry.nowMs;
        await engine.append(entry.request);
      }
      async function append(request: AppendRequest): Promise<AppendResult> {
        nowMs = source.now();
        const entry = { request, nowMs };
        const result = await engine.append(request);
        if (result.outcome === 'appended') journal.push(entry);
        return result;
      }
      consumers ??= engine.consumers;
      return delegatedEngine(engine, {
        consumers,
        capabilities: { ...engine.capabilities, durable: true },
        append(request) {
          const result = append(request);
          underWay.add(result);
          return result.finally(() => underWay.delete(result));
        },
      });
    }

    return {
      engine: await open(clock),
      async reopen(options) {
        await Promise.allSettled(underWay);
        return open(options.clock ?? systemClock);
      },
      dispose: async () => undefined,
    };
  };
}
