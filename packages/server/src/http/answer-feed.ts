/** Answers with the feed from a cursor on, in the form that was asked for: a page, lines, or live. */
import type { ServerResponse } from 'node:http';
import type { Clock, FeedFilter, ReadFeedRequest, StorageEngine } from '@event-store/core';
import { feedSource } from '../subscriptions/source.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';
import { waitUntil } from '../subscriptions/wait-until.ts';
import type { Backlog } from './backlog.ts';
import { eventStreamType, type MediaType } from './negotiate.ts';
import { readPage, sendPage } from './page.ts';
import { sendLines } from './send-lines.ts';

export interface FeedParts {
  readonly engine: StorageEngine;
  readonly backlog: Backlog;
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
}

export interface FeedQuestion {
  readonly type: MediaType;
  readonly after: number;
  readonly filter: FeedFilter | undefined;
  /** `undefined`: a page of the usual size, or lines to the end. */
  readonly limit: number | undefined;
  /** Seconds that a page is waited for. */
  readonly waitSeconds: number;
  readonly headers: readonly string[];
}

export async function answerFeed(
  response: ServerResponse,
  question: FeedQuestion,
  { engine, backlog, subscriptions, clock }: FeedParts,
): Promise<void> {
  const { type, after, filter, limit, waitSeconds, headers } = question;
  if (type === eventStreamType) {
    return subscriptions.serve(response, { source: feedSource(engine, filter), cursor: after, headers });
  }
  const read = { after, ...(limit !== undefined && { limit }), ...(filter !== undefined && { filter }) };
  if (type === 'application/json') {
    const pages = new FeedPages(engine, { ...read, limit: limit ?? engine.capabilities.limits.pageEventsDefault });
    const { rounds } = subscriptions;
    await waitUntil(() => pages.find(), { response, rounds, clock, waitSeconds });
    sendPage(response, { ...pages.found, headers, backlog });
  } else {
    await sendLines(response, engine.readFeed(read), { headers, backlog });
  }
}

/** Looks for a page with something on it: with a filter a bounded way, however few events pass. */
class FeedPages {
  readonly #engine: StorageEngine;
  readonly #read: ReadFeedRequest;
  readonly #scanEnd: number;
  #elements: Buffer = Buffer.alloc(0);
  #through: number;
  #caughtUp = false;

  constructor(engine: StorageEngine, read: ReadFeedRequest) {
    const { feedScanEventsMax } = engine.capabilities.limits;
    this.#engine = engine;
    this.#read = read;
    this.#scanEnd = read.filter === undefined ? Number.POSITIVE_INFINITY : read.after + feedScanEventsMax;
    this.#through = read.after;
  }

  /** Goes on from where it came; whether there is more to say than that this is the end. */
  async find(): Promise<boolean> {
    const batches = this.#engine.readFeed({ ...this.#read, after: this.#through });
    const { elements, last } = await readPage(batches, ({ through }) => through >= this.#scanEnd);
    this.#elements = elements;
    this.#through = last?.through ?? this.#through;
    this.#caughtUp = last?.caughtUp ?? false;
    return elements.length > 0 || !this.#caughtUp || this.#through >= this.#scanEnd;
  }

  get found(): { readonly elements: Buffer; readonly pagination: string } {
    return { elements: this.#elements, pagination: `{"nextAfter":${this.#through},"caughtUp":${this.#caughtUp}}` };
  }
}
