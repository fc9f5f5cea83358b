/** Writes down what clients ask and are told. Events are kept once, however often they are seen. */
import { hash } from 'node:crypto';
import type { Clock } from '../../packages/core/src/clock.ts';
import type { RecordedEvent } from '../../packages/core/src/event.ts';
import type { HistoryRecord, SeenEvent } from '../checker/history.ts';

export type ProposedFields = Pick<RecordedEvent, 'type' | 'data' | 'id' | 'metadata'>;

const restMs = 10;

export class Recorder {
  readonly history: HistoryRecord[] = [];
  /** Operations that were asked for, and those that got an answer, or may have had an effect. */
  readonly operations = { planned: 0, done: 0 };
  /** Appends that were in a race on purpose, and those of them that lost it. */
  readonly contended = { done: 0, conflicts: 0 };
  readonly #clock: Clock;
  readonly #seen = new Map<string, SeenEvent>();
  readonly #seenLines = new Map<string, SeenEvent>();
  #requests = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  /** Rests a little, where something is to be tried again. */
  rest(): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(restMs, resolve);
    });
  }

  nextRequest(): number {
    return ++this.#requests;
  }

  add(record: HistoryRecord): void {
    this.history.push(record);
  }

  /** An event as it stands in an answer. */
  see({ streamId, version, position, type, time, ...fields }: RecordedEvent): SeenEvent {
    const content = fingerprint({ type, ...fields });
    const key = `${version} ${position} ${content} ${type} ${time} ${streamId}`;
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    const places = { streamId, version, ...(position !== undefined && { position }) };
    const event = { ...places, type, content, ...(time !== undefined && { time }) };
    this.#seen.set(key, event);
    return event;
  }

  /** An event as a line of JSON. */
  seeLine(line: string): SeenEvent {
    const known = this.#seenLines.get(line);
    if (known !== undefined) return known;
    const event = this.see(JSON.parse(line));
    this.#seenLines.set(line, event);
    return event;
  }

  /** All events of an answer in lines. */
  seeLines(text: string): readonly SeenEvent[] {
    if (text === '') return [];
    if (!text.endsWith('\n')) throw new Error(`the last line is not ended: ${text.slice(-80)}`);
    return text
      .slice(0, -1)
      .split('\n')
      .map((line) => this.seeLine(line));
  }
}

/** Stands for everything that a client sends of an event. */
export function fingerprint({ type, data, id, metadata }: ProposedFields): string {
  return hash('sha1', JSON.stringify([type, data, id ?? null, metadata ?? null]), 'base64url').slice(0, 12);
}
