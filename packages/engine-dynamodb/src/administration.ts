/**
 * What is done to a table now and then, by hand: creating it, bringing old events into its feed,
 * checking it. All of this needs more permissions than serving does, and says which.
 */
import { type Clock, StartError, systemClock } from '@event-store/core';
import { laneOf } from './items/event-item.ts';
import { Backfill } from './lanes/backfill.ts';
import { SdkTable, type SdkTableOptions } from './sdk-table.ts';
import { systemRandom } from './system-random.ts';
import { partitionKey, QueryFailure, text } from './table.ts';
import { noCredentials, noCredentialsName, noTable, wrongKeys } from './table-problems.ts';
import { type TableProblem, TableVerification } from './verify-table.ts';
import type { RandomSource } from './world.ts';

/** Told as the work goes on; the total is an estimate of Amazon's that may be hours old, or is not known. */
export type OnProgress = (progress: { readonly items: number; readonly totalItems: number | undefined }) => void;

export interface AdministrationOptions extends SdkTableOptions {
  readonly onProgress?: OnProgress;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/**
 * Creates the table and waits until it can be used; one that is there and has the right keys is left
 * as it is. Needs `CreateTable` and `DescribeTable`.
 */
export function createDynamodbTable(options: AdministrationOptions): Promise<'created' | 'was-there'> {
  return withTable(options, async (table) => {
    try {
      await table.create();
      return 'created';
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ResourceInUseException') throw error;
      if (!(await table.hasKeys())) throw new StartError('configuration', wrongKeys(options.table), { cause: error });
      return 'was-there';
    }
  });
}

/**
 * Brings every event into the feed that was written without it. Needs `Scan`; may be interrupted
 * and run again, beside instances that serve.
 *
 * @returns how many events it brought in.
 */
export function backfillDynamodbTable(options: AdministrationOptions): Promise<number> {
  const { clock = systemClock, random = systemRandom } = options;
  return withTable(options, async (table) => {
    const backfill = new Backfill({ table, clock, random, observer: {} });
    let streamId = '';
    for await (const items of scanned(table, options)) {
      for (const item of items) {
        const next = text(item, partitionKey);
        if (next === streamId || next.startsWith('-/') || laneOf(item) !== undefined) continue;
        streamId = next;
        await backfill.run(streamId);
      }
    }
    await backfill.close();
    return backfill.events;
  });
}

/** Checks that streams, lanes and feed are whole and agree, as after a restored backup. Needs `Scan`. */
export function verifyDynamodbTable(options: AdministrationOptions): Promise<readonly TableProblem[]> {
  return withTable(options, async (table) => {
    const verification = new TableVerification();
    for await (const items of scanned(table, options)) for (const item of items) verification.look(item);
    return verification.problems();
  });
}

async function* scanned(table: SdkTable, { onProgress = () => undefined }: AdministrationOptions) {
  const totalItems = await table.approximateItems();
  let scannedItems = 0;
  for await (const items of table.scan()) {
    yield items;
    scannedItems += items.length;
    onProgress({ items: scannedItems, totalItems });
  }
}

async function withTable<Result>(
  options: SdkTableOptions,
  work: (table: SdkTable) => Promise<Result>,
): Promise<Result> {
  const table = new SdkTable(options);
  try {
    return await work(table);
  } catch (error) {
    const cause = error instanceof QueryFailure ? error.cause : error;
    const text = cause instanceof Error ? explain(cause, options.table) : undefined;
    if (text === undefined) throw error;
    throw new StartError('configuration', text, { cause });
  } finally {
    table.close();
  }
}

/** `undefined` where neither the table nor the way to it is the matter. */
function explain(error: Error, table: string): string | undefined {
  if (error.name === noCredentialsName) return noCredentials(error.message);
  if (!('$metadata' in error)) return undefined;
  if (error.name === 'ResourceNotFoundException') return noTable(table);
  return `DynamoDB refused (${error.name}: ${error.message}).`;
}
