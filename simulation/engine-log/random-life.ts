/**
 * One life of a process on a simulated machine: it opens the store and does what clients, time and
 * the disk do to it, in an order that a seed decides. Whatever is answered is checked at once
 * against what the clients know, and noted there.
 */
import { EventStoreError, StartError, type StorageEngine } from '@event-store/core';
import type { SimulatedCall } from '../file-system/simulated-file-system.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { hold, Violation } from '../violation.ts';
import { checkServed } from './check-served.ts';
import type { ClientKnowledge } from './client-knowledge.ts';
import { Clients } from './clients.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { KeptIndex } from './kept-index.ts';
import { SimulatedMachine, type SimulatedMachineOptions } from './simulated-machine.ts';

export interface LifeOptions {
  readonly machine: SimulatedMachineOptions;
  readonly random: SeededRandom;
  readonly knowledge: ClientKnowledge;
  readonly index: KeptIndex;
  readonly fault?: FaultPlan | undefined;
  /** Called before each call to the disk, and behind each answer that says stored: a moment at which the life may end. */
  readonly onMoment?: () => void;
}

/** Of all answers: most moments are to be calls to the disk. */
const answersThatMayBeTheLast = 0.25;

/** More calls than any life of this size needs: it goes round in circles. */
const callsMax = 200_000;

export class RandomLife {
  readonly machine: SimulatedMachine;
  readonly knowledge: ClientKnowledge;
  readonly index: KeptIndex;
  readonly #options: LifeOptions;
  readonly #clients: Clients;
  #engine: StorageEngine | undefined;
  #wasFull = false;

  constructor(options: LifeOptions) {
    const { random, fault, onMoment } = options;
    this.#options = options;
    this.knowledge = options.knowledge;
    this.index = options.index;
    this.machine = new SimulatedMachine({
      ...options.machine,
      openIndex: this.index.open,
      syncTurns: () => random.below(12),
      observe: ({ number }: SimulatedCall) => {
        hold('P-21', number < callsMax, 'the engine goes round in circles');
        onMoment?.();
      },
      ...(fault && { fault: fault.of }),
    });
    this.#clients = new Clients({
      random,
      knowledge: this.knowledge,
      isImpaired: () => this.#wasFull || (fault?.hasHit ?? false),
      isHonest: (error) => this.#isHonest(error),
      onStored: () => random.isTrue(answersThatMayBeTheLast) && onMoment?.(),
    });
  }

  /** Opens the store, checks what it serves, and goes on for so many steps. */
  async live(steps: number): Promise<void> {
    await this.#open();
    for (let step = 0; step < steps && this.#engine !== undefined; step++) await this.#step(this.#engine);
  }

  /** Stops in good order, if it still runs. */
  async end(): Promise<void> {
    if (this.#engine !== undefined) await this.#close(this.#engine);
    const { fileSystem, isLocked } = this.machine;
    hold('P-07', fileSystem.syncsAfterFailure === 0, 'a file was synced again after its sync had failed');
    hold('P-09', !isLocked, 'the directory is still locked');
    hold('P-18', fileSystem.openFiles === 0, () => `${fileSystem.openFiles} files are still open`);
  }

  async #open(): Promise<void> {
    this.#engine = await this.machine.open().catch((error: unknown) => {
      if (!this.#isHonest(error)) throw error;
      return undefined;
    });
    if (this.#engine === undefined) return;
    const health = this.#engine.health();
    const isSound = health.state === 'ready' || (this.#options.fault?.hasHit ?? false);
    hold('P-04', isSound, () => `a crash is not damage: ${JSON.stringify(health)}`);
    await this.#check(this.#engine, { isStart: true });
  }

  async #check(engine: StorageEngine, options: { readonly isStart: boolean }): Promise<void> {
    try {
      await checkServed(engine, this.knowledge, options);
    } catch (error) {
      if (!this.#isHonest(error)) throw error;
    }
  }

  async #close(engine: StorageEngine): Promise<void> {
    this.#engine = undefined;
    await engine.close().catch((error: unknown) => {
      if (!this.#isHonest(error)) throw error;
    });
  }

  async #step(engine: StorageEngine): Promise<void> {
    const { random } = this.#options;
    const dice = random.below(100);
    if (dice < 50) await this.#clients.sendAtOnce(engine);
    else if (dice < 62) await this.#clients.retry(engine);
    else if (dice < 74) await this.#clients.read(engine);
    else if (dice < 88) await this.machine.pass([60, 400, 1_100][random.below(3)] as number);
    else if (dice < 94) await this.#reopen(engine);
    else await this.#runFull(engine);
  }

  async #reopen(engine: StorageEngine): Promise<void> {
    await this.#close(engine);
    // Another process is another machine here: it may sync again what this one must not.
    if (this.#options.fault?.hasHit !== true) await this.#open();
  }

  /** The disk has little or no room for a while. */
  async #runFull(engine: StorageEngine): Promise<void> {
    const { random } = this.#options;
    const { fileSystem } = this.machine;
    this.#wasFull = true;
    fileSystem.capacityBytes = fileSystem.usedBytes + random.below(900);
    for (let i = random.below(4); i >= 0; i--) await this.#clients.sendAtOnce(engine);
    await this.machine.pass(60);
    await this.#check(engine, { isStart: false });
    fileSystem.capacityBytes = Number.POSITIVE_INFINITY;
    await this.machine.pass(1_000);
    const isReady = engine.health().state === 'ready' || this.#options.fault?.hasHit === true;
    hold('P-08', isReady, 'appends are not accepted a second after there was room');
    this.#wasFull = false;
  }

  /** What a fault on the disk explains: the error that it gave, or one that says what it means. */
  #isHonest(error: unknown): boolean {
    const { fault } = this.#options;
    if (error instanceof Violation) return false;
    const isDamageReport = error instanceof EventStoreError && error.code === 'event-corrupt';
    hold('P-04', !isDamageReport, () => `what a crash left is called damage: ${(error as Error).message}`);
    if (fault === undefined || !fault.hasHit) return false;
    if (error instanceof StartError || error instanceof EventStoreError) return true;
    return (error as { code?: string }).code === fault.code;
  }
}
