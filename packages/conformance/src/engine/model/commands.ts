/**
 * Random commands for an engine and its model. Streams, ids and contents come from small pools, so
 * that conflicts, retries and misused ids are frequent; numbers are given as offsets and shares of
 * what the store holds when the command runs, so that they stay meaningful when a history shrinks.
 */
import type { ProposedEvent } from '@event-store/core';
import fc from 'fast-check';

export interface AppendCommand {
  readonly kind: 'append';
  readonly streamId: string;
  /** The expected version, counted from the next one; `undefined`: none. */
  readonly expectedOffset: number | undefined;
  readonly events: readonly EventTemplate[];
}

/** A proposed event whose data is `data` so many times, so that a large one prints as a short line. */
export interface EventTemplate extends ProposedEvent {
  readonly times: number;
}

/** An earlier append again, as it was or changed. */
export interface RetryCommand {
  readonly kind: 'retry';
  /** Which earlier append, counted back from the last one. */
  readonly back: number;
  readonly change: 'none' | 'other-content' | 'first-part' | 'last-part' | 'more' | 'version-left-out' | 'next-version';
}

/** Several appends at once. */
export interface BurstCommand {
  readonly kind: 'burst';
  readonly appends: readonly (AppendCommand | RetryCommand)[];
}

export interface ReadStreamCommand {
  readonly kind: 'read-stream';
  readonly streamId: string;
  /** Where to start, as a share of the stream; above 1 is past the head. */
  readonly share: number;
  readonly limit: number | undefined;
  readonly direction: 'forward' | 'backward';
}

export interface ReadFeedCommand {
  readonly kind: 'read-feed';
  /** The cursor as a share of the feed; above 1 is past the end. */
  readonly share: number;
  readonly limit: number | undefined;
  readonly types: readonly string[] | undefined;
  readonly streamPrefix: string | undefined;
}

export interface ListStreamsCommand {
  readonly kind: 'list-streams';
  readonly prefix: string;
  readonly after: string;
  readonly limit: number;
}

export type Command =
  | AppendCommand
  | RetryCommand
  | BurstCommand
  | ReadStreamCommand
  | ReadFeedCommand
  | ListStreamsCommand
  | { readonly kind: 'reopen' };

const streamIds = ['a', 'a/b', 'aa', '__proto__', 'é\u2028', '\ue000', '𐀀'];
const streamId = fc.constantFrom(...streamIds);
const type = fc.constantFrom('Opened', 'Open', 'Zürich\u2028', '"}');
const content = fc.constantFrom(
  { data: '', times: 1 },
  { data: 'AA==', times: 1 },
  { data: 'QR==', times: 1 },
  { data: 'eyJhIjoxfQ==', times: 1 },
  { data: 'eHh4', times: 1_000 },
  { data: 'eXl5', times: 70_000 },
);
const metadata = fc.constantFrom(undefined, '{}', '{"a":{"b":[1,2.5,null,"\\u2028"]}}', '{"2":1,"id":"i0"}');
const limit = fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined });
const share = fc.constantFrom(0, 0.25, 0.5, 0.75, 1, 1.5);

const events = fc
  .tuple(
    fc.array(fc.record({ type, content, metadata }), { minLength: 1, maxLength: 4 }),
    fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 4, maxLength: 4 }), { nil: undefined }),
  )
  .map(([bodies, ids]) =>
    bodies.map(({ content, ...body }, index) => ({ ...body, ...content, id: ids && `i${ids[index]}` })),
  );

const append: fc.Arbitrary<AppendCommand> = fc.record({
  kind: fc.constant('append' as const),
  streamId,
  expectedOffset: fc.constantFrom(undefined, undefined, 0, 0, 0, -1, -2, -4, 1, 5),
  events,
});

const retry: fc.Arbitrary<RetryCommand> = fc.record({
  kind: fc.constant('retry' as const),
  back: fc.nat({ max: 10 }),
  change: fc.constantFrom(
    ...(['none', 'none', 'none', 'other-content', 'first-part', 'last-part', 'more'] as const),
    ...(['version-left-out', 'next-version'] as const),
  ),
});

const burst: fc.Arbitrary<BurstCommand> = fc.record({
  kind: fc.constant('burst' as const),
  appends: fc.array(fc.oneof(append, retry), { minLength: 2, maxLength: 8 }),
});

const readStream: fc.Arbitrary<ReadStreamCommand> = fc.record({
  kind: fc.constant('read-stream' as const),
  streamId,
  share,
  limit,
  direction: fc.constantFrom('forward' as const, 'backward' as const),
});

const readFeed: fc.Arbitrary<ReadFeedCommand> = fc.record({
  kind: fc.constant('read-feed' as const),
  share,
  limit,
  types: fc.option(fc.uniqueArray(type, { maxLength: 3 }), { nil: undefined }),
  streamPrefix: fc.option(fc.constantFrom('', 'a', 'a/', 'é', 'nothing'), { nil: undefined }),
});

const listStreams: fc.Arbitrary<ListStreamsCommand> = fc.record({
  kind: fc.constant('list-streams' as const),
  prefix: fc.constantFrom('', '', 'a', 'é', 'nothing'),
  after: fc.constantFrom('', '', ...streamIds),
  limit: fc.integer({ min: 1, max: 8 }),
});

/** Histories of up to 60 commands. */
export const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: append },
    { weight: 4, arbitrary: retry },
    { weight: 2, arbitrary: burst },
    { weight: 2, arbitrary: readStream },
    { weight: 2, arbitrary: readFeed },
    { weight: 1, arbitrary: listStreams },
    { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
  ),
  { maxLength: 60, size: 'max' },
);
