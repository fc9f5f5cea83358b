/** A consumer of one test: made with a name of its own, read and moved through HTTP. */
import assert from 'node:assert/strict';
import type { OutgoingHttpHeaders } from 'node:http';
import type { CheckpointAnswer, Consumer, FeedPage, RecordedEvent } from '@event-store/core';
import { expectJson, type HttpAnswer, type Query, queryString, type StoreClient } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';

/** What is sent to move a checkpoint. */
export interface Move {
  readonly position: number;
  readonly epoch?: string;
  readonly reset?: boolean;
}

export class ConsumerClient {
  readonly name: string;
  readonly path: string;
  readonly #client: StoreClient;

  constructor(client: StoreClient, name: string = uniqueName('consumer')) {
    this.name = name;
    this.path = `/-/consumers/${name}`;
    this.#client = client;
  }

  put(definition: unknown): Promise<HttpAnswer> {
    return this.#send('PUT', this.path, definition);
  }

  /** Makes it, and insists that it is new. */
  async make(definition: unknown): Promise<Consumer> {
    const { status, text, headers } = await this.put(definition);
    assert.equal(status, 201, text);
    assert.equal(headers.location, this.path);
    return JSON.parse(text) as Consumer;
  }

  async show(query: Query = {}): Promise<Consumer> {
    return expectJson<Consumer>(await this.#client.get(this.path, query));
  }

  events(query: Query = {}, headers: OutgoingHttpHeaders = {}): Promise<HttpAnswer> {
    return this.#client.get(`${this.path}/events`, query, headers);
  }

  async page(query: Query = {}): Promise<{ pagination: FeedPage['pagination']; payload: readonly RecordedEvent[] }> {
    return expectJson(await this.events(query));
  }

  post(move: unknown, query: Query = {}): Promise<HttpAnswer> {
    return this.#send('POST', `${this.path}/checkpoint${queryString(query)}`, move);
  }

  /** Moves the checkpoint, and insists that it moved. */
  async move(move: Move, query: Query = {}): Promise<CheckpointAnswer> {
    const answer = expectJson<CheckpointAnswer>(await this.post(move, query));
    assert.equal(answer.name, this.name);
    assert.equal(answer.position, move.position);
    return answer;
  }

  remove(): Promise<HttpAnswer> {
    return this.#client.send({ method: 'DELETE', path: this.path });
  }

  #send(method: string, path: string, body: unknown): Promise<HttpAnswer> {
    return this.#client.send({ method, path, body: typeof body === 'string' ? body : JSON.stringify(body) });
  }
}
