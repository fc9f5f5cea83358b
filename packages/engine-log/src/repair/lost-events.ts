/**
 * Finds out which events stood on lines that cannot be read, so that versions stay dense. In this
 * order: what the index knows, what the damaged line itself says if it fits, what versions are
 * missing in streams that go on. What is left were the newest events of unknown streams; those are
 * filed under a stream id that nobody can have.
 */
import type { LostEvent } from '../format/lost-line.ts';
import type { VersionGap } from '../verify/history-check.ts';
import { EarliestFirst } from './earliest-first.ts';

/** Reserved by the contract: no user can have it. */
export const unknownStreamId = '-/lost';

export interface LostEventsOptions {
  /** Positions without an intact line, in order. */
  readonly positions: readonly number[];
  readonly versionGaps: readonly VersionGap[];
  /** What the index says of a position. */
  readonly index: ReadonlyMap<number, EventName>;
  /** What the damaged lines say of themselves. */
  readonly claims: ReadonlyMap<number, EventName>;
  /** The last version of a stream that an intact line has; 0 when none has. */
  readonly lastVersion: (streamId: string) => number;
  /** Where an intact line has this event; `undefined` when none has. */
  readonly positionOf: (event: EventName) => number | undefined;
}

export interface EventName {
  readonly streamId: string;
  readonly version: number;
}

/** One event for each position, in order; `undefined` when there is no way to keep the streams dense. */
export function nameLostEvents(options: LostEventsOptions): LostEvent[] | undefined {
  const naming = new Naming(options);
  naming.believe(options.index);
  naming.believe(options.claims, { onlyNeeded: true });
  if (!naming.fill()) return undefined;
  naming.believe(options.claims);
  return naming.fill() ? naming.result() : undefined;
}

/** A version that some lost line must have, between the positions of its neighbours. */
interface Need extends EventName {
  readonly after: number;
  readonly before: number;
}

class Naming {
  readonly #options: LostEventsOptions;
  readonly #names = new Map<number, EventName>();
  /** By stream, in order: the versions that lost lines must have, each with its position once that is known. */
  readonly #needs = new Map<string, Map<number, number | undefined>>();
  readonly #gaps: ReadonlyMap<string, readonly VersionGap[]>;

  constructor(options: LostEventsOptions) {
    this.#options = options;
    this.#gaps = Map.groupBy(options.versionGaps, ({ streamId }) => streamId);
    for (const [streamId, gaps] of this.#gaps) {
      this.#needs.set(
        streamId,
        new Map(gaps.flatMap(({ from, through }) => versions(from, through).map((version) => [version, undefined]))),
      );
    }
  }

  /** Takes over what fits with the lines that are intact, and with what was taken over before: all of a stream, or none. */
  believe(witness: ReadonlyMap<number, EventName>, { onlyNeeded = false } = {}): void {
    const open = this.#options.positions.filter((position) => !this.#names.has(position) && witness.has(position));
    const byStream = Map.groupBy(open, (position) => (witness.get(position) as EventName).streamId);
    for (const [streamId, positions] of byStream) {
      if (streamId === unknownStreamId || (onlyNeeded && !this.#needs.has(streamId))) continue;
      const needs = new Map(this.#needs.get(streamId));
      const last = this.#options.lastVersion(streamId);
      let end = Math.max(last, ...[...needs.keys()].slice(-1));
      const isFree = positions.every((position) => {
        const { version } = witness.get(position) as EventName;
        for (const missing of versions(end + 1, version)) needs.set(missing, undefined);
        end = Math.max(end, version);
        if (!needs.has(version) || needs.get(version) !== undefined) return false;
        needs.set(version, position);
        return true;
      });
      if (!isFree || !this.#bounds(streamId, needs).every(({ after, before }) => after < before)) continue;
      this.#needs.set(streamId, needs);
      for (const position of positions) this.#names.set(position, witness.get(position) as EventName);
    }
  }

  /** Gives every version that is still without a position one between those of its neighbours. */
  fill(): boolean {
    const needs = [...this.#needs].flatMap(([streamId, versionsOf]) =>
      this.#bounds(streamId, versionsOf).filter(({ version }) => versionsOf.get(version) === undefined),
    );
    needs.sort((a, b) => a.after - b.after);
    // Of those that may stand here, the one that has to stand earliest goes first: if there is a way at all, this is one.
    const open = new EarliestFirst<Need>(
      (a, b) => a.before < b.before || (a.before === b.before && a.version < b.version),
    );
    let next = 0;
    for (const position of this.#options.positions) {
      if (this.#names.has(position)) continue;
      for (; (needs[next]?.after ?? position) < position; next++) open.add(needs[next] as Need);
      const need = open.take();
      if (need === undefined) continue;
      if (need.before < position) return false;
      const { streamId, version } = need;
      this.#names.set(position, { streamId, version });
      this.#needs.get(streamId)?.set(version, position);
    }
    return open.size === 0 && next === needs.length;
  }

  result(): LostEvent[] {
    let unknown = this.#options.lastVersion(unknownStreamId);
    return this.#options.positions.map((position) => {
      const { streamId, version } = this.#names.get(position) ?? { streamId: unknownStreamId, version: ++unknown };
      return { position, streamId, version };
    });
  }

  /** For each needed version of a stream, the positions of its nearest neighbours that have one, or its own. */
  #bounds(streamId: string, needs: ReadonlyMap<number, number | undefined>): Need[] {
    const { positionOf } = this.#options;
    const ends = new Map(this.#gaps.get(streamId)?.map(({ through, before: end }) => [through, end]));
    const inOrder = [...needs].sort(([a], [b]) => a - b);
    const bounds: { streamId: string; version: number; after: number; before: number }[] = [];
    let after = 0;
    for (const [version, position] of inOrder) {
      if (!needs.has(version - 1)) after = positionOf({ streamId, version: version - 1 }) ?? 0;
      bounds.push({ streamId, version, after, before: Number.POSITIVE_INFINITY });
      after = position ?? after;
    }
    let before = Number.POSITIVE_INFINITY;
    for (let index = bounds.length - 1; index >= 0; index--) {
      const bound = bounds[index] as (typeof bounds)[number];
      before = ends.get(bound.version) ?? before;
      bound.before = before;
      const own = needs.get(bound.version);
      if (own !== undefined && (own <= bound.after || own >= before)) bound.before = bound.after;
      before = own ?? before;
    }
    return bounds;
  }
}

function versions(from: number, through: number): number[] {
  return Array.from({ length: Math.max(0, through - from + 1) }, (_, index) => from + index);
}
