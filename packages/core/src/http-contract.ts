/**
 * The shapes of the HTTP contract as JSON schemas, from which the OpenAPI document is made. What
 * a schema cannot say (bytes of UTF-8, exact numbers) is in parse-events.ts, which alone decides.
 */
import { type Static, Type } from 'typebox';
import { type ErrorCode, errorTitles } from './errors.ts';
import { limits } from './limits.ts';

const closed = { additionalProperties: false };

const base64Data = Type.String({
  pattern: '^[A-Za-z0-9+/]*={0,2}$',
  description: 'The content: standard base64 with padding (RFC 4648 section 4); comes back character for character.',
});
const eventType = Type.String({
  minLength: 1,
  maxLength: limits.eventTypeBytesMax,
  description: 'What happened: 1 to 256 bytes of UTF-8.',
});
const eventId = Type.String({
  pattern: `^[A-Za-z0-9._:-]{1,${limits.eventIdCharactersMax}}$`,
  description: "The client's own name for the event, unique in its stream. With ids a retry is never stored twice.",
});
const metadata = Type.Object(
  {},
  { additionalProperties: true, description: 'Any JSON object up to 16 KiB, for tracing and correlation.' },
);
const version = Type.Integer({ minimum: 1, description: 'Place in the stream: 1, 2, 3, …' });
const position = Type.Integer({ minimum: 1, description: 'Place in the feed: 1, 2, 3, …' });

/** An event as a client sends it. */
export const ProposedEventSchema = Type.Object(
  { type: eventType, data: base64Data, id: Type.Optional(eventId), metadata: Type.Optional(metadata) },
  { ...closed, title: 'ProposedEvent' },
);

/** The body of an append: one event, or several that are stored atomically. */
export const AppendBodySchema = Type.Union(
  [ProposedEventSchema, Type.Array(ProposedEventSchema, { minItems: 1, maxItems: limits.appendEventsMax })],
  { title: 'AppendBody' },
);

/** What an append answers. */
export const AppendAnswerSchema = Type.Object(
  {
    streamId: Type.String(),
    firstVersion: version,
    version: Type.Integer({ minimum: 1, description: 'Version of the last event.' }),
    position: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Position of the last event, where the engine knows it already.' }),
    ),
  },
  { title: 'AppendAnswer' },
);
export type AppendAnswer = Static<typeof AppendAnswerSchema>;

/** An event as it is read. Further fields belong to the engine and are to be ignored. */
export const RecordedEventSchema = Type.Object(
  {
    streamId: Type.String(),
    version,
    type: eventType,
    data: base64Data,
    id: Type.Optional(eventId),
    time: Type.Optional(Type.String({ format: 'date-time', description: 'When it was stored, in UTC.' })),
    metadata: Type.Optional(metadata),
    position: Type.Optional(position),
  },
  { additionalProperties: true, title: 'RecordedEvent' },
);

const events = Type.Array(RecordedEventSchema);

export const StreamPageSchema = Type.Object(
  {
    pagination: Type.Object({
      nextOffset: Type.Integer({ minimum: 0, description: 'The offset of the next page; it may be past the end.' }),
    }),
    payload: events,
  },
  { title: 'StreamPage' },
);
export type StreamPage = Static<typeof StreamPageSchema>;

export const FeedPageSchema = Type.Object(
  {
    pagination: Type.Object({
      nextAfter: Type.Integer({ minimum: 0, description: 'The last position looked at: the cursor of the next page.' }),
      caughtUp: Type.Boolean({ description: 'Whether that was the end of the feed.' }),
    }),
    payload: events,
  },
  { title: 'FeedPage' },
);
export type FeedPage = Static<typeof FeedPageSchema>;

export const StreamListPageSchema = Type.Object(
  {
    pagination: Type.Object({
      nextAfter: Type.String({ description: 'The last stream id of the page: the cursor of the next one.' }),
    }),
    payload: Type.Array(Type.Object({ streamId: Type.String(), version })),
  },
  { title: 'StreamListPage' },
);
export type StreamListPage = Static<typeof StreamListPageSchema>;

const feedPosition = Type.Integer({ minimum: 0, description: 'A position; 0 is before the first event.' });
const streamPrefix = Type.String({ description: 'Only events of streams whose id starts with this.' });
const types = Type.Array(eventType, { minItems: 1, maxItems: limits.filterTypesMax });

/** What a durable consumer is made with. */
export const ConsumerDefinitionSchema = Type.Object(
  {
    start: Type.Optional(
      Type.Union([Type.Literal('beginning'), Type.Literal('end'), feedPosition], { default: 'beginning' }),
    ),
    types: Type.Optional(types),
    streamPrefix: Type.Optional(streamPrefix),
  },
  { ...closed, title: 'ConsumerDefinition' },
);

/** A durable consumer, and how far its readers have come. */
export const ConsumerSchema = Type.Object(
  {
    name: Type.String(),
    start: Type.Union([Type.Literal('beginning'), Type.Literal('end'), feedPosition]),
    types: Type.Optional(types),
    streamPrefix: Type.Optional(streamPrefix),
    epoch: Type.String({ description: 'Another one after each reset.' }),
    createdAt: Type.String({ format: 'date-time' }),
    position: Type.Integer({ minimum: 0, description: 'Everything up to here is acknowledged.' }),
    movedAt: Type.String({ format: 'date-time', description: 'When a checkpoint last moved.' }),
    lagEvents: Type.Integer({ minimum: 0, description: 'Events of the feed behind the position.' }),
    lagSeconds: Type.Optional(
      Type.Number({ minimum: 0, description: 'Since the first of them was stored, where that is known.' }),
    ),
    checkpoints: Type.Optional(
      Type.Array(
        Type.Object({
          slots: Type.Array(Type.Integer({ minimum: 0 }), {
            minItems: 2,
            maxItems: 2,
            description: 'The first and the last slot.',
          }),
          position: feedPosition,
          movedAt: Type.String({ format: 'date-time' }),
        }),
        { description: 'The checkpoint of each run of slots; not in lists.' },
      ),
    ),
  },
  { title: 'Consumer' },
);
export type Consumer = Static<typeof ConsumerSchema>;

export const ConsumerListPageSchema = Type.Object(
  {
    pagination: Type.Object({
      nextAfter: Type.String({ description: 'The last name of the page: the cursor of the next one.' }),
    }),
    payload: Type.Array(ConsumerSchema),
  },
  { title: 'ConsumerListPage' },
);
export type ConsumerListPage = Static<typeof ConsumerListPageSchema>;

/** To where a reader has come. */
export const CheckpointMoveSchema = Type.Object(
  {
    position: feedPosition,
    epoch: Type.Optional(Type.String({ description: "Only if this is still the consumer's epoch." })),
    reset: Type.Optional(Type.Boolean({ description: 'Go there even if it is backwards; begins a new epoch.' })),
  },
  { ...closed, title: 'CheckpointMove' },
);

export const CheckpointAnswerSchema = Type.Object(
  { name: Type.String(), epoch: Type.String(), position: feedPosition },
  { title: 'CheckpointAnswer' },
);
export type CheckpointAnswer = Static<typeof CheckpointAnswerSchema>;

/** RFC 9457 problem details, with a stable code and the members that the code's page names. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'A URI reference that names the problem.' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What is wrong and what to do, for a person.' }),
    code: Type.Unsafe<ErrorCode>(
      Type.String({ enum: Object.keys(errorTitles), description: 'The stable code, for programs.' }),
    ),
  },
  { additionalProperties: true, title: 'Problem' },
);
export type Problem = Static<typeof ProblemSchema>;

export const LimitsSchema = Type.Record(Type.String(), Type.Integer({ minimum: 0 }), { title: 'Limits' });
