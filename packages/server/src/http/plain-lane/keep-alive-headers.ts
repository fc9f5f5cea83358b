import type { Clock } from '@event-store/core';

/** What an answer says about its connection, as node:http says it; printed once a second. */
export class KeepAliveHeaders {
  readonly #clock: Clock;
  readonly #timeoutSeconds: number;
  #second = 0;
  #date = '';
  #next = '';

  constructor(clock: Clock, keepAliveMs: number) {
    this.#clock = clock;
    this.#timeoutSeconds = Math.floor(keepAliveMs / 1_000);
  }

  /** For an answer that another request may follow. */
  get next(): string {
    this.#print();
    return this.#next;
  }

  /** For the last answer. */
  get last(): string {
    this.#print();
    return `${this.#date}Connection: close\r\n`;
  }

  #print(): void {
    const second = Math.floor(this.#clock.now() / 1_000);
    if (second === this.#second) return;
    this.#second = second;
    this.#date = `Date: ${new Date(second * 1_000).toUTCString()}\r\n`;
    this.#next = `${this.#date}Connection: keep-alive\r\nKeep-Alive: timeout=${this.#timeoutSeconds}\r\n`;
  }
}
