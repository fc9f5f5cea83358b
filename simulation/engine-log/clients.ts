/** Clients of one life: what they send, how they read, and whether each answer can be true. */
import { type AppendResult, EventStoreError, type StorageEngine } from '@event-store/core';
import type { SeededRandom } from '../seeded-random.ts';
import { hold } from '../violation.ts';
import type { ClientKnowledge, SentAppend } from './client-knowledge.ts';
import { readFeedPart, readStreamPart } from './reading.ts';
import { type SampleAppend, sampleAppend } from './sample-appends.ts';

export interface ClientsOptions {
  readonly random: SeededRandom;
  readonly knowledge: ClientKnowledge;
  /** Whether something happened to the disk, so that appends may be refused. */
  readonly isImpaired: () => boolean;
  /** Whether an error of a read says what the disk did. */
  readonly isHonest: (error: unknown) => boolean;
  /** Called when a client has been told that its append is stored. */
  readonly onStored: () => void;
}

const streamIds = ['s1', 's2', 'ü/"\u2028'] as const;

export class Clients {
  readonly #options: ClientsOptions;
  /** Whether an answer was "unknown": from then on nothing may be stored. */
  #hasFailed = false;
  /** By name: how often an append is on its way at the moment. */
  readonly #underWay = new Map<string, number>();

  constructor(options: ClientsOptions) {
    this.#options = options;
  }

  /** Some appends that arrive together, with reads among them. */
  async sendAtOnce(engine: StorageEngine): Promise<void> {
    const { random } = this.#options;
    const samples = Array.from({ length: 1 + random.below(4) }, () => this.#newSample());
    const actions = samples.map((sample) => this.#append(engine, sample));
    const twice = samples.find(({ hasIds }) => hasIds);
    if (twice !== undefined && random.isTrue(0.2)) actions.push(this.#append(engine, twice));
    if (random.isTrue(0.4)) actions.push(this.read(engine));
    await all(actions);
  }

  /** The same request again. */
  async retry(engine: StorageEngine): Promise<void> {
    const { random, knowledge } = this.#options;
    const retryable = [...knowledge.sent.values()].filter(({ sample }) => sample.hasIds);
    const again = retryable[random.below(retryable.length)];
    if (again === undefined) return this.sendAtOnce(engine);
    const actions = [this.#append(engine, again.sample)];
    if (random.isTrue(0.3)) actions.push(this.#append(engine, this.#newSample()));
    await all(actions);
  }

  async read(engine: StorageEngine): Promise<void> {
    const { random, knowledge, isHonest } = this.#options;
    try {
      if (random.isTrue(0.6)) await readFeedPart(engine, { random, knowledge });
      else await readStreamPart(engine, { random, knowledge, streamId: this.#anyStream() });
    } catch (error) {
      if (!isHonest(error)) throw error;
    }
  }

  #anyStream(): string {
    return streamIds[this.#options.random.below(streamIds.length)] as string;
  }

  #newSample(): SampleAppend {
    const { random, knowledge } = this.#options;
    const streamId = this.#anyStream();
    const isExpecting = random.isTrue(0.4);
    const next = knowledge.versionAtLeast(streamId) + 1;
    const sample = {
      streamId,
      name: knowledge.nextName,
      type: random.isTrue(0.5) ? 'Happened' : 'Noted',
      events: random.isTrue(0.5) ? 1 : 1 + random.below(5),
      hasIds: random.isTrue(0.5),
      dataBytes: random.isTrue(0.7) ? 0 : random.below(700),
      ...(isExpecting && { expectedVersion: Math.max(1, next + ([0, 0, 0, 1, -1, 2][random.below(6)] as number)) }),
    };
    knowledge.sent.set(sample.name, { sample, state: 'new', told: undefined });
    return sample;
  }

  async #append(engine: StorageEngine, sample: SampleAppend): Promise<void> {
    const { knowledge } = this.#options;
    const known = this.#current(sample);
    const before = { known, version: knowledge.versionAtLeast(sample.streamId), position: knowledge.position };
    if (known.state !== 'stored') knowledge.sent.set(sample.name, { ...known, state: 'unknown' });
    this.#underWay.set(sample.name, (this.#underWay.get(sample.name) ?? 0) + 1);
    try {
      const result = await engine.append(sampleAppend(sample)).finally(() => this.#arrived(sample));
      this.#note(before, result);
    } catch (error) {
      if (error instanceof EventStoreError) this.#noteError(known, error);
      else if (!this.#options.isHonest(error)) throw error;
      // What else the disk says, as when the events of a retry cannot be read, tells nothing: the append stays unknown.
    }
  }

  #arrived({ name }: SampleAppend): void {
    this.#underWay.set(name, (this.#underWay.get(name) ?? 0) - 1);
  }

  /** What becomes of an append that was refused: the same one, sent a second time, may still be stored. */
  #afterRefusal({ name }: SampleAppend): 'unknown' | 'refused' {
    return (this.#underWay.get(name) ?? 0) > 0 ? 'unknown' : 'refused';
  }

  #current({ name }: SampleAppend): SentAppend {
    return this.#options.knowledge.sent.get(name) as SentAppend;
  }

  #note(before: Before, result: AppendResult): void {
    const { sample } = before.known;
    switch (result.outcome) {
      case 'appended':
      case 'replayed':
        this.#noteStored(before, result);
        break;
      case 'version-conflict':
        this.#noteConflict(before, result.currentVersion);
        break;
      case 'event-id-reused':
        hold('I15', false, `${sample.name} is told that its ids are used`);
    }
  }

  #noteStored({ known: { sample }, position: positionBefore }: Before, { outcome, streams }: StoredResult): void {
    const { name, hasIds = false, events = 1 } = sample;
    const { told: toldBefore } = this.#current(sample);
    const { firstVersion = 0, version = 0, position = 0 } = streams[0] ?? {};
    if (outcome === 'appended') {
      hold('P-07', !this.#hasFailed, `${name} is stored after a failure`);
      hold('I5', toldBefore === undefined, `${name} is stored, and is stored again`);
      hold('I9', position - events >= positionBefore, `${name} got ${position} after ${positionBefore} was seen`);
    } else hold('I15', hasIds, `${name} is no retry`);
    const told = { firstVersion, version, position };
    const isSame = toldBefore === undefined || JSON.stringify(toldBefore) === JSON.stringify(told);
    hold('I15', isSame, () => `${name} was told ${JSON.stringify(toldBefore)}, and now ${JSON.stringify(told)}`);
    this.#options.knowledge.sent.set(name, { sample, state: 'stored', told });
    this.#options.onStored();
  }

  #noteConflict(
    { known: { sample, state: stateBefore }, version: versionBefore }: Before,
    currentVersion: number,
  ): void {
    const { knowledge } = this.#options;
    const { name, streamId, expectedVersion } = sample;
    hold('I15', stateBefore !== 'stored', `${name} is stored, and is told a conflict`);
    hold('I8', currentVersion >= versionBefore, `${name} is told ${currentVersion} after ${versionBefore}`);
    hold('I8', currentVersion <= knowledge.versionAtMost(streamId), `${name} is told ${currentVersion}, too many`);
    hold('I8', currentVersion + 1 !== expectedVersion, `${name} is told that it is next, and refused`);
    knowledge.versions.push({ streamId, version: currentVersion });
    if (this.#current(sample).state === 'stored') return;
    knowledge.sent.set(name, { sample, state: this.#afterRefusal(sample), told: undefined });
  }

  #noteError({ sample, state: stateBefore }: SentAppend, { code, message }: EventStoreError): void {
    const { knowledge, isImpaired } = this.#options;
    const isExpected = ['disk-full', 'read-only', 'outcome-unknown'].includes(code);
    hold('P-13', isExpected && isImpaired(), () => `${sample.name} is refused with ${code}: ${message}`);
    const isUnknown = code === 'outcome-unknown' || stateBefore === 'unknown';
    if (code === 'outcome-unknown') this.#hasFailed = true;
    if (this.#current(sample).state === 'stored') return;
    knowledge.sent.set(sample.name, {
      sample,
      state: isUnknown ? 'unknown' : this.#afterRefusal(sample),
      told: undefined,
    });
  }
}

type StoredResult = Extract<AppendResult, { outcome: 'appended' | 'replayed' }>;

/** What was known before an append was sent. */
interface Before {
  readonly known: SentAppend;
  readonly version: number;
  readonly position: number;
}

/** Waits for all of them, whatever happens to some; throws what failed first. */
async function all(actions: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(actions)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
