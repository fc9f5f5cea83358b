/**
 * The record of a durable consumer: the only kind of item that is ever replaced, each time by one
 * with the next revision. All of them are in one partition, so that one query lists them.
 *
 *     Entity ID    Version                 name    revision  state  nonce
 *     -/consumers  from the name's SHA-256 mailer  42        {…}    …
 *
 * One without a state was removed; it keeps its key, so that no revision comes twice.
 */
import { createHash } from 'node:crypto';
import type { ConsumerName, ConsumerRecord } from '@event-store/core';
import { type Item, integer, partitionKey, sortKey, text } from '../table.ts';

export const consumersPartition = '-/consumers';

/** Where a name's item is, or from where on to look for it: the first 48 bits of the SHA-256. */
export function firstSlotOf(name: string): number {
  return createHash('sha256').update(name).digest().readUIntBE(0, 6);
}

export function encodeConsumerItem(
  slot: number,
  { name, revision, state, nonce }: { name: string; revision: number; state: string | undefined; nonce: string },
): Item {
  const item = { [partitionKey]: consumersPartition, [sortKey]: slot, name, revision, nonce };
  return state === undefined ? item : { ...item, state };
}

/** The name and the revision of an item, also of one that was removed. */
export function consumerItemKey(item: Item): { readonly name: string; readonly revision: number } {
  return { name: text(item, 'name'), revision: integer(item, 'revision') };
}

/** `undefined` when it was removed. */
export function decodeConsumerItem(item: Item): ConsumerRecord | undefined {
  if (item.state === undefined) return undefined;
  const { name, revision } = consumerItemKey(item);
  return { name: name as ConsumerName, revision, state: text(item, 'state') };
}
