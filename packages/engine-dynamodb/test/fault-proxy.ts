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
  /** Nothing is heard of it until its sender gives up; it lands before or after that. */
  readonly hangs: number;
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
  hangs: 0,
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
  hangs: 0.001,
  landsTwice: 0.02,
  serverError: 0.02,
  throttled: 0.02,
  transactionConflict: 0.02,
  reasonsHidden: 0.3,
  partlyHidden: 0.2,
};

/** Enough that something is always wrong somewhere, and work gets done all the same. */
export const fewFaults: FaultRates = {
  requestLost: 0.004,
  answerLost: 0.006,
  landsLate: 0.004,
  hangs: 0.000_5,
  landsTwice: 0.004,
  serverError: 0.004,
  throttled: 0.004,
  transactionConflict: 0.004,
  reasonsHidden: 0.1,
  partlyHidden: 0.05,
};

interface Answer {
  readonly status: number;
  readonly body: string;
}

type Operation = 'PutItem' | 'TransactWriteItems' | 'Query' | string;

/** Queries go wrong less often: there are many, and nothing hangs on one. */
const queryShare = 0.2;

/** Most that lands late is not very late: this times the cube of a fraction. */
const lateMsMax = 6_000;
const hangMsMax = 6_000;
const hiddenMsMax = 40;

export class FaultProxy {
  readonly #target: URL;
  readonly #chance: () => number;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #hidden: HiddenItems;
  readonly #late = new Set<Promise<unknown>>();
  readonly #server = createServer((incoming, outgoing) => {
    this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  rates: FaultRates = noFaults;
  writeUnits = 0;
  /** How often each fault was done. */
  readonly hits: Record<keyof FaultRates, number> = { ...noFaults };
  refused = 0;

  private constructor(target: string, chance: () => number) {
    this.#target = new URL(target);
    this.#chance = chance;
    this.#hidden = new HiddenItems(chance);
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

  get faults(): number {
    return Object.values(this.hits).reduce((sum, count) => sum + count, 0);
  }

  /** Waits until everything has landed that was held back. */
  async quiet(): Promise<void> {
    while (this.#late.size > 0) await Promise.all(this.#late);
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
    if (operation !== 'Query' && this.#happens('landsTwice')) this.#later(this.#lateMs(), forward);
    if (this.#happens('landsLate', share)) {
      outgoing.destroy();
      this.#later(this.#lateMs(), forward);
      return;
    }
    if (this.#happens('hangs', share)) {
      this.#later(this.#chance() * hangMsMax, forward);
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

  #lateMs(): number {
    return lateMsMax * this.#chance() ** 3;
  }

  /** Perhaps long after its sender gave up; whatever becomes of it then is nobody's concern. */
  #later(delayMs: number, action: () => Promise<unknown>): void {
    const landed: Promise<unknown> = scheduler
      .wait(delayMs)
      .then(action)
      .catch(() => undefined)
      .finally(() => this.#late.delete(landed));
    this.#late.add(landed);
  }

  #happens(fault: keyof FaultRates, share = 1): boolean {
    if (this.rates[fault] === 0 || this.#chance() >= this.rates[fault] * share) return false;
    this.hits[fault]++;
    return true;
  }
}

/** What `PutItem` and `Query` on the table allow, and of that only what can replace nothing but a known record of a consumer. */
function isAllowed(operation: Operation, write: WriteRequest): boolean {
  if (operation === 'Query') return true;
  if (operation === 'PutItem') return isIfAbsent(write) || isNextOfConsumer(write);
  const { TransactItems = [] } = write;
  return operation === 'TransactWriteItems' && TransactItems.every(({ Put }) => Put !== undefined && isIfAbsent(Put));
}

function isNextOfConsumer({ Item, ConditionExpression = '' }: WriteRequest): boolean {
  return (
    Item?.['Entity ID']?.S === '-/consumers' && /^#name = :name AND #revision = :revision$/.test(ConditionExpression)
  );
}

function isIfAbsent({ ConditionExpression = '' }: Pick<WriteRequest, 'ConditionExpression'>): boolean {
  return /^attribute_not_exists\(#\w+\)$/.test(ConditionExpression);
}

function failure(status: number, name: string): Answer {
  return { status, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'injected' }) };
}

function answerWith(outgoing: ServerResponse, { status, body }: Answer): void {
  outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
}
