import { connect, type Socket } from 'node:net';

const connections = 8;
const body = '{"type":"AmountDeposited","data":"eyJhbW91bnQiOjEwMDAwfQ=="}';

/**
 * Appends of one small event each, a given number a second, to a thousand streams in turn, whether
 * or not earlier ones were answered. Tells when each was sent, by the position that it got.
 */
export class PacedAppends {
  /** Milliseconds of `performance.now`, by position. */
  readonly sentMs = new Map<number, number>();
  readonly #lanes: readonly Lane[];
  #sent = 0;

  constructor(port: number) {
    this.#lanes = Array.from({ length: connections }, () => new Lane(port, this.sentMs));
  }

  async run({ perSecond, seconds }: { perSecond: number; seconds: number }): Promise<void> {
    const startedMs = performance.now();
    const first = this.#sent;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setInterval(() => {
      const passedSeconds = (performance.now() - startedMs) / 1_000;
      const due = first + Math.floor(Math.min(passedSeconds, seconds) * perSecond);
      while (this.#sent < due) this.#send();
      if (passedSeconds < seconds) return;
      clearInterval(timer);
      resolve();
    }, 1);
    await promise;
    await this.settled();
  }

  /** One append; fulfils with its position. */
  async one(): Promise<number> {
    const positionsBefore = this.sentMs.size;
    this.#send();
    await this.settled();
    if (this.sentMs.size !== positionsBefore + 1) throw new Error('the append was not answered');
    return Math.max(...[...this.sentMs.keys()].slice(-1));
  }

  /** Fulfils when everything sent was answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.settled()));
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }

  #send(): void {
    const lane = this.#lanes[this.#sent % connections] as Lane;
    lane.append(`account-${this.#sent % 1_000}`);
    this.#sent++;
  }
}

/** One connection; requests are answered in their order. */
class Lane {
  readonly #socket: Socket;
  readonly #sentMs: Map<number, number>;
  readonly #waiting: number[] = [];
  #rest = '';
  #settled: () => void = () => undefined;

  constructor(port: number, sentMs: Map<number, number>) {
    this.#sentMs = sentMs;
    this.#socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    this.#socket.on('data', (text: string) => this.#take(text));
  }

  append(stream: string): void {
    this.#waiting.push(performance.now());
    this.#socket.write(`POST /${stream} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  }

  async settled(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#settled = resolve;
    await promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    const answers = (this.#rest + text).split(/(?<="position":\d+\})/);
    this.#rest = answers.pop() ?? '';
    if (this.#rest.endsWith('}')) answers.push(this.#rest);
    if (answers.at(-1) === this.#rest) this.#rest = '';
    for (const answer of answers) {
      const position = /"position":(\d+)\}$/.exec(answer)?.[1];
      if (!/HTTP\/1.1 200 /.test(answer) || position === undefined) throw new Error(`an append was answered ${answer}`);
      this.#sentMs.set(Number(position), this.#waiting.shift() as number);
    }
    if (this.#waiting.length === 0) this.#settled();
  }
}
