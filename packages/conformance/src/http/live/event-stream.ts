/**
 * The suite's own subscriber. It reads messages strictly: a line that the event stream format does
 * not know, or one that this server has no reason to send, fails the test.
 */
import assert from 'node:assert/strict';
import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import type { RecordedEvent } from '@event-store/core';
import type { HttpSuite } from '../http-suite.ts';
import { type Query, queryString } from '../store-client.ts';

/** One message: an event, or what the server tells beside events. */
export interface Message {
  readonly event: 'caught-up' | 'cursor' | undefined;
  readonly id: number;
  /** As it was sent: one line of JSON. */
  readonly data: string;
}

interface SubscribeOptions {
  readonly query?: Query;
  readonly headers?: OutgoingHttpHeaders;
}

/** A subscription whose head has come. */
class EventStream {
  /** All messages so far. */
  readonly messages: Message[] = [];
  /** How many comments came. */
  comments = 0;
  readonly #request: ClientRequest;
  readonly response: IncomingMessage;
  #rest = '';
  #end: Error | 'complete' | undefined;
  #changed = () => {};

  constructor(outgoing: ClientRequest, response: IncomingMessage) {
    this.#request = outgoing;
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.#rest = readMessages(this.#rest + chunk, (message) => this.#take(message));
      this.#changed();
    });
    response.on('end', () => this.#ended('complete'));
    response.on('error', (error) => this.#ended(error));
    outgoing.on('error', (error) => this.#ended(error));
  }

  /** The events so far. */
  get events(): RecordedEvent[] {
    return this.messages.filter(({ event }) => event === undefined).map(({ data }) => JSON.parse(data));
  }

  /** Where to go on from. */
  get lastId(): number | undefined {
    return this.messages.at(-1)?.id;
  }

  /** Waits until so many events came, and gives them. */
  async untilEvents(count: number): Promise<RecordedEvent[]> {
    let seen = 0;
    await this.until(({ event }) => event === undefined && ++seen >= count, `${count} events`);
    return this.events;
  }

  /** Waits for the message that the end was reached, with this cursor. */
  untilCaughtUp(id: number): Promise<Message> {
    return this.until((message) => message.event === 'caught-up' && message.id === id, `caught up with ${id}`);
  }

  /** Waits for the first message, from the beginning, that is what is wanted. */
  async until(isWanted: (message: Message) => boolean, what: string): Promise<Message> {
    for (let next = 0; ; ) {
      for (; next < this.messages.length; next++) {
        const message = this.messages[next] as Message;
        if (isWanted(message)) return message;
      }
      if (this.#end !== undefined) assert.fail(`the subscription ended before ${what}: ${this.#end}`);
      await this.#change();
    }
  }

  /** Waits for the end; the error if the answer was cut off. */
  async untilEnd(): Promise<Error | 'complete'> {
    while (this.#end === undefined) await this.#change();
    return this.#end;
  }

  close(): void {
    this.#request.destroy();
  }

  #take(message: Message | undefined): void {
    if (message === undefined) this.comments++;
    else this.messages.push(message);
  }

  #ended(end: Error | 'complete'): void {
    this.#end ??= end;
    this.#changed();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}

/** Subscribes, and insists that the subscription begins. */
export async function subscribe(
  { baseUrl, token }: Pick<HttpSuite, 'baseUrl' | 'token'>,
  path: string,
  { query = {}, headers = {} }: SubscribeOptions = {},
): Promise<EventStream> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const { promise, resolve, reject } = Promise.withResolvers<EventStream>();
  const outgoing = request(
    baseUrl(),
    {
      path: path + queryString(query),
      headers: { accept: 'text/event-stream', ...authorization, ...headers },
      agent: false,
    },
    (response) => resolve(new EventStream(outgoing, response)),
  );
  outgoing.on('error', reject);
  outgoing.end();
  const subscription = await promise;
  assert.equal(subscription.response.statusCode, 200);
  assert.match(subscription.response.headers['content-type'] ?? '', /^text\/event-stream(;|$)/);
  return subscription;
}

/** Hands on the whole messages of a text, `undefined` for a comment; returns what is not whole yet. */
export function readMessages(text: string, take: (message: Message | undefined) => void): string {
  const parts = text.split('\n\n');
  const rest = parts.pop() ?? '';
  for (const part of parts) take(part === ':' ? undefined : parseMessage(part));
  return rest;
}

function parseMessage(text: string): Message {
  const match = /^(?:event: (caught-up|cursor)\n)?id: (0|[1-9][0-9]*)\ndata: ([^\n\r]*)$/.exec(text);
  assert.ok(match !== null, `a message is well-formed: ${JSON.stringify(text)}`);
  const [, event, id, data = ''] = match;
  return { event: event as Message['event'], id: Number(id), data };
}
