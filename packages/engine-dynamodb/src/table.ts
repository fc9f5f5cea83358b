/**
 * The narrow port between the engine and DynamoDB: four requests, each sent exactly once, and
 * every answer sorted by the only question that matters, what is known about the write. Items are
 * flat; whatever has structure is text in one attribute.
 */
export interface Table {
  /** Puts one item if its key is free. */
  put(item: Item): Promise<PutAttempt>;
  /** Puts one item over the one of the same `name` that has this `revision`. */
  replace(item: Item, revision: number): Promise<ReplaceAttempt>;
  /** Puts all items, or none of them: each only if its key is free. */
  transactPut(items: readonly Item[], token: string): Promise<TransactionAttempt>;
  /** Items of one partition. Throws a `QueryFailure`. */
  query(query: TableQuery): Promise<QueryPage>;
}

/** Attribute values are strings and numbers only; others are dropped when read. */
export type Item = Readonly<Record<string, string | number>>;

/** The partition and sort key that the table had before us. */
export const partitionKey = 'Entity ID';
export const sortKey = 'Version';

/** Nothing was stored, and nothing of this attempt ever will be. */
interface NotApplied {
  readonly outcome: 'not-applied';
}

/** It may have been stored, or may still be: only the same write again can tell. */
interface Unknown {
  readonly outcome: 'unknown';
}

/** The request is wrong in itself (`invalid`), or the caller may not or cannot make it now (`denied`). */
interface Refused {
  readonly outcome: 'invalid' | 'denied';
  readonly cause: unknown;
}

interface Applied {
  readonly outcome: 'applied';
}

export type PutAttempt =
  | Applied
  | NotApplied
  | Unknown
  | Refused
  /** The key is taken, by this item. */
  | { readonly outcome: 'taken'; readonly item: Item };

/** `absent`: there is nothing to replace. */
export type ReplaceAttempt = PutAttempt | { readonly outcome: 'absent' };

export type TransactionAttempt =
  | Applied
  | NotApplied
  | Unknown
  | Refused
  /** One entry for each item of the request: what stood in its way, as far as was said. */
  | { readonly outcome: 'cancelled'; readonly inTheWay: readonly (Item | 'unsaid' | undefined)[] };

export interface TableQuery {
  readonly partition: string;
  /** The lowest sort key wanted. */
  readonly from?: number;
  /** The highest sort key wanted. */
  readonly through?: number;
  readonly direction: 'forward' | 'backward';
  readonly limit?: number;
  readonly consistency: 'strong' | 'eventual';
  /** Where the page before ended: its `next`. */
  readonly after?: number;
}

export interface QueryPage {
  readonly items: readonly Item[];
  /** The sort key after which to go on; absent at the end. */
  readonly next: number | undefined;
}

/** A query that was not answered. `again` may be worth another try; the others are not. */
export class QueryFailure extends Error {
  readonly kind: 'again' | 'invalid' | 'denied';

  constructor(kind: QueryFailure['kind'], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'QueryFailure';
    this.kind = kind;
  }
}

/** The text of an attribute; an item that lacks it is not what its key says. */
export function text(item: Item, name: string): string {
  const value = item[name];
  if (typeof value !== 'string') throw new TypeError(`Item ${keyOf(item)} has no text in "${name}"`);
  return value;
}

/** The whole number of an attribute. */
export function integer(item: Item, name: string): number {
  const value = item[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new TypeError(`Item ${keyOf(item)} has no whole number in "${name}"`);
  }
  return value;
}

/** The item's key as one string, for maps and messages. */
export function keyOf(item: Item): string {
  return `${item[partitionKey]} ${item[sortKey]}`;
}
