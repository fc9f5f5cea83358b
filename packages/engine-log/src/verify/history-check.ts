/**
 * Checks that intact lines are one history: positions and versions dense, appends whole, times
 * never decreasing, `synced` never ahead. Where lines are missing, it learns from those behind
 * them what they must have been.
 */
import { FingerprintTable } from './fingerprint-table.ts';
import type { StoredLine } from './stored-line.ts';

/** Versions of a stream that no intact line has, below one that a line has. */
export interface VersionGap {
  readonly streamId: string;
  readonly from: number;
  readonly through: number;
  /** The position of the line that shows it: they stood before it. */
  readonly before: number;
}

export class HistoryCheck {
  readonly versions = new FingerprintTable();
  readonly versionGaps: VersionGap[] = [];
  /** Events that can be served, and those that an earlier repair gave up. */
  events = 0;
  lostEvents = 0;
  /** The last position seen or known to be missing. */
  position = 0;
  #missingEvents = 0;
  #commit = 0;
  #time = '';

  /** Whether an append has begun whose last event did not come. */
  get isInsideAppend(): boolean {
    return this.#commit > this.position;
  }

  /** Positions up to `position` have no intact line. */
  skipTo(position: number): void {
    this.#missingEvents += position - this.position;
    this.position = position;
  }

  /** Takes the next intact line; returns what contradicts the lines before it. */
  add(line: StoredLine): readonly string[] {
    const found = [...this.#position(line), ...this.#version(line)];
    if (line.isLost) {
      this.lostEvents++;
      return found;
    }
    this.events++;
    return [...found, ...this.#append(line), ...this.#timeAndSynced(line)];
  }

  /** To be told when a segment ends: no append goes on in the next one. */
  *endSegment(): Generator<string> {
    if (this.isInsideAppend) yield `the append up to position ${this.#commit} is cut off at position ${this.position}`;
    this.#commit = this.position;
  }

  *#position({ position }: StoredLine): Generator<string> {
    if (position !== this.position + 1) yield `position ${position} stands behind position ${this.position}`;
    this.position = position;
  }

  *#version({ streamId, version, position }: StoredLine): Generator<string> {
    const before = this.versions.raise(streamId, version);
    if (version === before + 1) return;
    const missing = version - before - 1;
    if (missing < 0 || missing > this.#missingEvents) {
      yield `version ${version} of the stream stands behind its version ${before}`;
      return;
    }
    this.#missingEvents -= missing;
    this.versionGaps.push({ streamId, from: before + 1, through: version - 1, before: position });
  }

  *#append({ position, commit, synced }: StoredLine): Generator<string> {
    if (position > this.#commit) {
      if (commit < position) yield `its append ends at position ${commit}, before it`;
      this.#commit = commit;
    } else {
      if (commit !== this.#commit)
        yield `it says that its append ends at position ${commit}, the one before ${this.#commit}`;
      if (synced !== undefined) yield 'a group begins inside of an append';
    }
  }

  *#timeAndSynced({ position, time = '', synced }: StoredLine): Generator<string> {
    if (time < this.#time) yield `its time ${time} is before that of an earlier event, ${this.#time}`;
    else this.#time = time;
    if (synced !== undefined && synced >= position) yield `synced is ${synced}, which is ahead of it`;
  }
}
