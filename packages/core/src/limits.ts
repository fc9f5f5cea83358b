/**
 * Every limit of the product, each with its reason. `/-/limits` reports them as the running
 * engine allows them; an engine may lower a limit, never raise it.
 */
export const limits = {
  /** Bytes of one event's decoded `data`: with base64 and metadata it still fits a DynamoDB item of 400 KB. */
  eventBytesMax: 256 * 1024,
  /** UTF-8 bytes of an event `type`. */
  eventTypeBytesMax: 256,
  /** Characters of an event `id`; all of them are ASCII. */
  eventIdCharactersMax: 128,
  /** Bytes of an event's `metadata` as printed: metadata is for tracing, not for content. */
  metadataBytesMax: 16 * 1024,
  /** Nesting of a request body: more is never meant, and deep trees are slow to walk. */
  jsonDepthMax: 64,
  /** Events of one append: they are held in memory and synced as one. */
  appendEventsMax: 1_000,
  /** Bytes of one append as stored: it must fit one DynamoDB transaction of 4 MB. */
  appendBytesMax: 3_500_000,
  /** Bytes of a request body: an append of `appendBytesMax` in any reasonable JSON spelling. */
  bodyBytesMax: 6 * 1024 * 1024,
  /** UTF-8 bytes of a stream id: it is a DynamoDB key and an index key. */
  streamIdBytesMax: 512,
  /** Events of one JSON page. */
  pageEventsMax: 1_000,
  /** Events of one JSON page when the request does not say. */
  pageEventsDefault: 100,
  /** Bytes of one JSON page: it is built in memory. */
  pageBytesMax: 4 * 1024 * 1024,
  /** Bytes of one batch that an engine hands to a reader (a single larger event goes alone). */
  batchBytesMax: 1024 * 1024,
  /** Positions that one filtered feed page looks at before it answers with what it has. */
  feedScanEventsMax: 100_000,
  /** Seconds that a page may be waited for: below the time after which common proxies give up. */
  waitSecondsMax: 60,
  /** Streams of one page of the stream list. */
  streamListMax: 1_000,
  /** Event types in one feed filter. */
  filterTypesMax: 64,
  /** Durable consumers of a store: each is looked at by lists and metrics. */
  consumersMax: 1_000,
  /** Characters of a consumer's name; all of them are ASCII. */
  consumerNameCharactersMax: 64,
  /** Bytes of a request body about a consumer, and of what is kept for one: it is rewritten as a whole. */
  consumerBytesMax: 128 * 1024,
  /** Partitions among which readers share a consumer: small against the number of slots. */
  partitionsMax: 64,
  /** Bytes of a request target. */
  targetBytesMax: 8 * 1024,
  /** Bytes of a request's head: the HTTP parser's own limit. */
  headBytesMax: 16 * 1024,
  /** Bytes of appends that wait for the disk; beyond it the answer is `overloaded`. */
  appendQueueBytesMax: 64 * 1024 * 1024,
} as const;

/** The limits as one engine allows them: the same names, other numbers. */
export type Limits = { readonly [name in keyof typeof limits]: number };
