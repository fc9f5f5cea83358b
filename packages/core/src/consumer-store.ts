import { EventStoreError } from './errors.ts';
import { limits } from './limits.ts';

declare const brand: unique symbol;

/** The name of a durable consumer: 1 to 64 characters of `A-Z a-z 0-9 . _ : -`, the first one a letter or digit. */
export type ConsumerName = string & { readonly [brand]: 'ConsumerName' };

const namePattern = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,${limits.consumerNameCharactersMax - 1}}$`);

/**
 * The one parser of consumer names.
 *
 * @throws EventStoreError `invalid-consumer`.
 */
export function parseConsumerName(text: string): ConsumerName {
  if (namePattern.test(text)) return text as ConsumerName;
  throw new EventStoreError(
    'invalid-consumer',
    `A consumer's name has 1 to ${limits.consumerNameCharactersMax} characters of "A-Z a-z 0-9 . _ : -" and begins with a letter or digit.`,
  );
}

/**
 * What an engine keeps beside the events: a small record for each durable consumer, replaced as a
 * whole if nobody else replaced it meanwhile. What is in it is the server's.
 */
export interface ConsumerStore {
  /** The record as it is durable; `undefined` when there is none. */
  read(name: ConsumerName): Promise<ConsumerRecord | undefined>;

  /**
   * Replaces what has the expected revision. When the promise fulfils with `written`, it is durable
   * and seen by every reader; a conflict tells what was there instead.
   *
   * @throws EventStoreError `outcome-unknown` when it cannot know whether it was written;
   *   `read-only`, `disk-full`, `engine-unavailable` when it was not.
   */
  write(change: ConsumerChange): Promise<ConsumerWritten>;

  /** Records in the order of their names. */
  list(request: { readonly after: string; readonly limit: number }): Promise<readonly ConsumerRecord[]>;
}

/** What an engine keeps for one consumer. */
export interface ConsumerRecord {
  readonly name: ConsumerName;
  /** At least 1, and never the same twice for one name, whatever was removed in between. */
  readonly revision: number;
  /** One JSON object, at most `consumerBytesMax`. */
  readonly state: string;
}

/** What is to be there, and what must be there before. */
export interface ConsumerChange {
  readonly name: ConsumerName;
  /** The revision of the record that is replaced; 0 where there must be none. */
  readonly expectedRevision: number;
  /** `undefined` removes the record. */
  readonly state: string | undefined;
}

/** What became of a change. */
export type ConsumerWritten =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'conflict'; readonly current: ConsumerRecord | undefined };
