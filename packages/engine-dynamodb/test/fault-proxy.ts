/**
 * Stands between the SDK and an emulator and does what emulators never do: loses requests and
 * answers, lets writes land late or twice, throttles, reports conflicts, hides what is not visible
 * yet and why a transaction was cancelled. It refuses what the least policy does not allow, and
 * counts write units.
 */
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { scheduler } from 'node:timers/promises';
import { HiddenItems } from './hidden-items.ts';
import { type Attributes, type WriteRequest, writeUnits } from './write-units.ts';

/** Probabilities of each fault, for each request. */
export interface FaultRates {
  readonly requestLost: number;
  readonly answerLost: number;
  readonly landsLate: number;
  readonly landsTwice: number;
  readonly serverError: number;
  readonly throttled: number;
  readonly transactionConflict: number;
  readonly reasonsHidden: number;
  readonly partlyHidden: number;
}

export const noFaults: FaultRates = {
  requestLost: 0,
  answerLost: 0,
  landsLate: 0,
  landsTwice: 0,
  serverError: 0,
  throttled: 0,
  transactionConflict: 0,
  reasonsHidden: 0,
  partlyHidden: 0,
};

export const manyFaults: FaultRates = {
  requestLost: 0.02,
  answerLost: 0.03,
  landsLate: 0.02,
  landsTwice: 0.02,
  serverError: 0.02,
  throttled: 0.02,
  transactionConflict: 0.02,
  reasonsHidden: 0.3,
  partlyHidden: 0.2,
};

interface Answer {
  readonly status: number;
  readonly body: string;
}

type Operation = 'PutItem' | 'TransactWriteItems' | 'Query' | string;

/** Queries go wrong less often: there are many, and nothing hangs on one. */
const queryShare = 0.2;

const lateMsMax = 1_500;
const hiddenMsMax = 40;

export class FaultProxy {
  readonly #target: URL;
  readonly #chance: () => number;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #hidden = new HiddenItems();
  readonly #server = createServer((incoming, outgoing) => {
    this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  rates: FaultRates = noFaults;
  writeUnits = 0;
  faults = 0;
  refused = 0;

  private constructor(target: string, chance: () => number) {
    this.#target = new URL(target);
    this.#chance = chance;
  }

  static async start({ target, chance }: { target: string; chance: () => number }): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, chance);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    this.#agent.destroy();
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const body = await text(incoming);
    const write: WriteRequest = JSON.parse(body);
    if (!isAllowed(operation, write)) {
      this.refused++;
      answerWith(outgoing, failure(400, 'AccessDeniedException'));
      return;
    }
    const share = operation === 'Query' ? queryShare : 1;
    const instead = this.#faultBefore(operation, share);
    if (instead !== undefined) {
      answerWith(outgoing, instead);
      return;
    }
    const forward = () => this.#forward(incoming, { operation, body, write });
    if (this.#happens('requestLost', share)) {
      outgoing.destroy();
      return;
    }
    if (operation !== 'Query' && this.#happens('landsTwice')) later(this.#chance() * lateMsMax, forward);
    if (this.#happens('landsLate', share)) {
      outgoing.destroy();
      later(this.#chance() * lateMsMax, forward);
      return;
    }
    const answer = await forward();
    if (this.#happens('answerLost', share)) outgoing.destroy();
    else answerWith(outgoing, this.#happens('serverError', share) ? failure(503, 'ServiceUnavailable') : answer);
  }

  /** Answers of which it is certain that nothing was stored. */
  #faultBefore(operation: Operation, share: number): Answer | undefined {
    if (this.#happens('throttled', share)) return failure(400, 'ProvisionedThroughputExceededException');
    if (this.#happens('serverError', share)) return failure(500, 'InternalServerError');
    if (operation === 'Query' || !this.#happens('transactionConflict')) return undefined;
    return failure(400, operation === 'PutItem' ? 'TransactionConflictException' : 'TransactionInProgressException');
  }

  async #forward(
    incoming: IncomingMessage,
    { operation, body, write }: { operation: Operation; body: string; write: WriteRequest },
  ): Promise<Answer> {
    this.writeUnits += writeUnits(write);
    const hideMs =
      operation === 'TransactWriteItems' && this.#happens('partlyHidden') ? this.#chance() * hiddenMsMax : 0;
    const show = hideMs > 0 ? this.#hidden.hide(write, hideMs) : undefined;
    const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers;
    const outgoing = request(this.#target, { method: 'POST', headers, agent: this.#agent });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const received = { status: answer.statusCode ?? 500, body: await text(answer) };
    if (received.status !== 200) show?.();
    else this.#hidden.stored(write);
    if (hideMs > 0 && received.status === 200) await scheduler.wait(hideMs);
    if (operation === 'Query') return this.#withoutHidden(received, JSON.parse(body).ConsistentRead === true);
    return received.status === 200 ? received : this.#withoutReasons(received);
  }

  #withoutHidden({ status, body }: Answer, isConsistent: boolean): Answer {
    if (status !== 200) return { status, body };
    const page = JSON.parse(body) as { Items?: Attributes[] };
    const Items = page.Items?.filter((item) => !this.#hidden.isHidden(item, isConsistent ? 'strong' : 'eventual'));
    return { status, body: JSON.stringify({ ...page, Items }) };
  }

  /** What stands in the way is said only if it can be seen, and not always then. */
  #withoutReasons({ status, body }: Answer): Answer {
    const error = JSON.parse(body) as {
      Item?: Attributes;
      CancellationReasons?: { Code: string; Item?: Attributes }[];
    };
    if (error.Item !== undefined && this.#hidden.isHidden(error.Item))
      return failure(400, 'TransactionConflictException');
    const reasons = error.CancellationReasons?.map((reason) => {
      if (reason.Item === undefined) return reason;
      if (this.#hidden.isHidden(reason.Item)) return { Code: 'TransactionConflict' };
      return this.#happens('reasonsHidden') ? { Code: 'None' } : reason;
    });
    return { status, body: JSON.stringify({ ...error, ...(reasons && { CancellationReasons: reasons }) }) };
  }

  #happens(fault: keyof FaultRates, share = 1): boolean {
    if (this.rates[fault] === 0 || this.#chance() >= this.rates[fault] * share) return false;
    this.faults++;
    return true;
  }
}

/** What `PutItem` and `Query` on the table allow. */
function isAllowed(operation: Operation, { TransactItems }: WriteRequest): boolean {
  if (operation === 'PutItem' || operation === 'Query') return true;
  return operation === 'TransactWriteItems' && (TransactItems ?? []).every(({ Put }) => Put !== undefined);
}

function failure(status: number, name: string): Answer {
  return { status, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'injected' }) };
}

function answerWith(outgoing: ServerResponse, { status, body }: Answer): void {
  outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
}

/** Long after the client gave up; whatever becomes of it then is nobody's concern. */
function later(delayMs: number, action: () => Promise<unknown>): void {
  scheduler
    .wait(delayMs)
    .then(action)
    .catch(() => undefined);
}
