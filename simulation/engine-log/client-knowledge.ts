/**
 * What all clients of a store together know: what they sent, were told and saw. It goes on over
 * crashes; a copy of it belongs to each moment at which a life may end.
 */
import type { SampleAppend } from './sample-appends.ts';

/** Where an append is stored, as its client was told. */
export interface Told {
  readonly firstVersion: number;
  readonly version: number;
  /** Of its last event. */
  readonly position: number;
}

export interface SentAppend {
  readonly sample: SampleAppend;
  /**
   * `new`: not sent yet; `unknown`: under way, or nobody could say; `stored` with what was told;
   * `refused`: it must not be there; `absent`: it was unknown, and then was not there.
   */
  readonly state: 'new' | 'unknown' | 'stored' | 'refused' | 'absent';
  readonly told: Told | undefined;
}

/** A version that a client was told as a stream's. */
interface ToldVersion {
  readonly streamId: string;
  readonly version: number;
}

/** A read with a filter: only these positions passed. */
export interface FilteredRead {
  readonly after: number;
  readonly through: number;
  readonly passes: (line: { readonly streamId: string; readonly type: string }) => boolean;
  readonly positions: readonly number[];
}

/** How appends are named: two stores whose names differ in this alone have other events of the same lengths. */
export type NameDigits = '0123456789' | 'abcdefghij';

export class ClientKnowledge {
  readonly nameDigits: NameDigits;
  /** By the append's name. */
  readonly sent: Map<string, SentAppend>;
  /** Lines by position, as they were served. */
  readonly seen: Map<number, string>;
  readonly versions: ToldVersion[];
  readonly filteredReads: FilteredRead[];

  constructor(from?: ClientKnowledge, nameDigits: NameDigits = from?.nameDigits ?? '0123456789') {
    this.nameDigits = nameDigits;
    this.sent = new Map(from?.sent);
    this.seen = new Map(from?.seen);
    this.versions = [...(from?.versions ?? [])];
    this.filteredReads = [...(from?.filteredReads ?? [])];
  }

  /** Of an append that is new. */
  get nextName(): string {
    return `${this.sent.size}`.replace(/\d/g, (digit) => this.nameDigits[Number(digit)] as string);
  }

  /** The last position that somebody was told or saw. */
  get position(): number {
    let position = this.seen.size === 0 ? 0 : Math.max(...this.seen.keys());
    for (const { told } of this.sent.values()) position = Math.max(position, told?.position ?? 0);
    return position;
  }

  /** The version that a stream has at least: of what was told. */
  versionAtLeast(streamId: string): number {
    let version = 0;
    for (const { sample, told } of this.sent.values()) {
      if (sample.streamId === streamId) version = Math.max(version, told?.version ?? 0);
    }
    for (const each of this.versions) if (each.streamId === streamId) version = Math.max(version, each.version);
    return version;
  }

  /** The version that a stream has at most: with everything that may be stored. */
  versionAtMost(streamId: string): number {
    let version = 0;
    for (const { sample, state } of this.sent.values()) {
      const mayBeStored = state === 'unknown' || state === 'stored';
      if (sample.streamId === streamId && mayBeStored) version += sample.events ?? 1;
    }
    return version;
  }
}
