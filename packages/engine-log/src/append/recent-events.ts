/**
 * What was appended and is not in the index yet, in generations: new events go to the newest one;
 * a generation is dropped as a whole once the index covers it. Deciders see all of it, readers
 * only what is durable.
 */
import type { StreamAppend } from '@event-store/core';
import {
  type Anchor,
  anchorSpacingBytes,
  type EventPlace,
  type IndexEntry,
  type VersionedPlace,
  type VersionRange,
} from '../index/log-index.ts';
import { PlaceColumns } from './place-columns.ts';

interface RecentStream {
  readonly firstVersion: number;
  /** Of versions `firstVersion`, `firstVersion + 1`, … */
  readonly positions: number[];
}

interface Generation {
  readonly streams: Map<string, RecentStream>;
  readonly versionsOfIds: Map<string, number>;
  readonly anchors: Anchor[];
  readonly places: PlaceColumns;
}

export class RecentEvents {
  /** Oldest first; there is always one. */
  readonly #generations: Generation[] = [emptyGeneration()];
  #lastAnchor: Anchor | undefined;

  /** Adds an event behind all others; `id` is the client's. */
  add({ streamId, version, id, place }: IndexEntry): void {
    const { streams, versionsOfIds, places } = this.#newest;
    const known = streams.get(streamId);
    if (known === undefined) streams.set(streamId, { firstVersion: version, positions: [place.position] });
    else known.positions.push(place.position);
    if (id !== undefined) versionsOfIds.set(idKey(streamId, id), version);
    this.#anchor(place);
    places.add(place);
  }

  /** The stream's version among events up to position `through`; `undefined` when there is none here. */
  streamVersion(streamId: string, through = Number.POSITIVE_INFINITY): number | undefined {
    for (let i = this.#generations.length - 1; i >= 0; i--) {
      const stream = this.#generations[i]?.streams.get(streamId);
      if (stream === undefined) continue;
      let count = stream.positions.length;
      while (count > 0 && (stream.positions[count - 1] as number) > through) count--;
      if (count > 0) return stream.firstVersion + count - 1;
    }
    return undefined;
  }

  /** Every stream that has an event here. */
  streamIds(): string[] {
    return this.#generations.flatMap(({ streams }) => [...streams.keys()]);
  }

  versionOfId(streamId: string, id: string): number | undefined {
    for (const { versionsOfIds } of this.#generations) {
      const version = versionsOfIds.get(idKey(streamId, id));
      if (version !== undefined) return version;
    }
    return undefined;
  }

  /** The places of those versions that are here, in order. */
  places({ streamId, from, through }: VersionRange): VersionedPlace[] {
    const found: VersionedPlace[] = [];
    for (const { streams, places } of this.#generations) {
      const stream = streams.get(streamId);
      if (stream === undefined) continue;
      const last = Math.min(through, stream.firstVersion + stream.positions.length - 1);
      for (let version = Math.max(from, stream.firstVersion); version <= last; version++) {
        found.push({ version, ...places.at(stream.positions[version - stream.firstVersion] as number) });
      }
    }
    return found;
  }

  /** The last anchor at or before a position. */
  anchorBefore(position: number): Anchor | undefined {
    for (let i = this.#generations.length - 1; i >= 0; i--) {
      const found = this.#generations[i]?.anchors.findLast((anchor) => anchor.position <= position);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Begins a new generation, unless the newest is still empty. */
  seal(): void {
    if (this.#newest.streams.size === 0) return;
    this.#generations.push(emptyGeneration());
    this.#lastAnchor = undefined;
  }

  /** Drops the generations that the index covers. */
  drop(coveredPosition: number): void {
    while (
      this.#generations.length > 1 &&
      (this.#generations[0] as Generation).places.lastPosition <= coveredPosition
    ) {
      this.#generations.shift();
    }
  }

  /** Takes back appends of which no event up to `durablePosition` is. */
  takeBack(appends: readonly StreamAppend[], durablePosition: number): void {
    for (const generation of this.#generations) {
      for (const { streamId, events } of appends) {
        for (const { id } of events) if (id !== undefined) generation.versionsOfIds.delete(idKey(streamId, id));
        const stream = generation.streams.get(streamId);
        if (stream === undefined) continue;
        while ((stream.positions.at(-1) ?? 0) > durablePosition) stream.positions.pop();
        if (stream.positions.length === 0) generation.streams.delete(streamId);
      }
      while ((generation.anchors.at(-1)?.position ?? 0) > durablePosition) generation.anchors.pop();
      generation.places.cut(durablePosition);
    }
    this.#lastAnchor = undefined;
  }

  get #newest(): Generation {
    return this.#generations.at(-1) as Generation;
  }

  #anchor({ position, segment, offset }: EventPlace): void {
    const last = this.#lastAnchor;
    if (last?.segment === segment && offset - last.offset < anchorSpacingBytes) return;
    this.#lastAnchor = { position, segment, offset };
    this.#newest.anchors.push(this.#lastAnchor);
  }
}

function emptyGeneration(): Generation {
  return { streams: new Map(), versionsOfIds: new Map(), anchors: [], places: new PlaceColumns() };
}

/** Neither a stream id nor an event id holds a line feed. */
function idKey(streamId: string, id: string): string {
  return `${streamId}\n${id}`;
}
