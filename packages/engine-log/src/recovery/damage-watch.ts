/**
 * The damage that is known while a store runs: found at the start, by a reader, or by the scrub.
 * Each place is reported once, to the log and by the engine's health and figures.
 */
import type { EngineObserver } from '@event-store/core';
import { segmentName } from '../format/segment-header.ts';
import type { LogPlace } from '../segment/log-cursor.ts';
import type { Damage } from './damage.ts';

/** Where, and whose event it was as far as is known. */
export interface FoundDamage extends LogPlace {
  readonly position?: number;
  readonly streamId?: string;
  readonly version?: number;
}

/** More places are counted by their segment alone. */
const placesMax = 10_000;

export class DamageWatch {
  readonly #observer: EngineObserver;
  readonly #places = new Set<string>();
  #first: string | undefined;
  #consumers: string | undefined;

  /** `known`: what was found at the start, and reported there. */
  constructor(observer: EngineObserver, known: readonly Damage[]) {
    this.#observer = observer;
    for (const { file, offset } of known) this.#places.add(`${file}, byte ${offset}`);
    [this.#first] = this.#places;
  }

  /** How many places are known to be damaged: of the log, and the consumers' file as one. */
  get count(): number {
    return this.#places.size + (this.#consumers === undefined ? 0 : 1);
  }

  /** What an operator is to know; `undefined` while nothing is known to be damaged. */
  get text(): string | undefined {
    const texts = [this.#ofLog, this.#consumers].filter((text) => text !== undefined);
    return texts.length === 0 ? undefined : texts.join(' ');
  }

  get #ofLog(): string | undefined {
    if (this.#first === undefined) return undefined;
    const others = this.#places.size > 1 ? ` (and ${this.#places.size - 1} more)` : '';
    return `The log is damaged: ${this.#first}${others}. Stop the store and run "event-store verify".`;
  }

  /** To be called when the file of consumers cannot be used; it is reported to the log by who found it. */
  consumersDamaged(text: string): void {
    this.#consumers = text;
  }

  /** To be called whenever a line does not check out; `segment` and `offset` are where reading failed. */
  found({ segment, offset, position, streamId, version }: FoundDamage): void {
    const file = segmentName(segment);
    const place = this.#places.size < placesMax ? `${file}, byte ${offset}` : file;
    if (this.#places.has(place)) return;
    this.#places.add(place);
    this.#first ??= place;
    const event = {
      ...(position !== undefined && { position }),
      ...(streamId !== undefined && { streamId }),
      ...(version !== undefined && { version }),
    };
    this.#observer.notice?.({
      level: 'error',
      message: 'A line of the log is not as it was written; whoever reads it is answered with event-corrupt.',
      fields: { file, offset, ...event },
    });
  }
}
