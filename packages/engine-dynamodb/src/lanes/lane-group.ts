/**
 * What goes into one transaction of a lane: the next record, the events that it names and their
 * markers. Appends to the same stream are laid behind each other; whoever needs a key that the
 * group already has waits for its outcome.
 */
import { assert, type StreamAppend } from '@event-store/core';
import { appendItems, timeBehind } from '../append/append-items.ts';
import type { AppendTicket } from '../append/append-ticket.ts';
import { needsIdMarker } from '../append/plan-append.ts';
import type { Head, Heads } from '../heads.ts';
import { itemBytes } from '../item-bytes.ts';
import type { VersionRange } from '../items/event-item.ts';
import { idMarkerPartition } from '../items/id-marker.ts';
import { inlineEvents } from '../items/inlined-events.ts';
import type { LanePlace } from '../items/lane-place.ts';
import { encodeLaneRecord, type LaneEntry } from '../items/lane-record.ts';
import { encodeLateRun } from '../items/late-run.ts';
import type { Item } from '../table.ts';

/** What became of a member: stored at these versions, or to be planned again from what the table says. */
export type MemberOutcome = VersionRange | 'again';

interface Member {
  readonly settle: (outcome: MemberOutcome) => void;
  readonly fail: (error: unknown) => void;
  /** It made its group fail, or may: it goes without others, but for those of its stream. */
  alone: boolean;
}

export interface AppendMember extends Member {
  readonly kind: 'append';
  readonly append: StreamAppend;
  /** What it was planned behind. */
  readonly head: Head;
  readonly ticket: AppendTicket;
}

/** A run of events that were written without a lane. */
export interface RunMember extends Member {
  readonly kind: 'run';
  readonly entry: LaneEntry;
}

export type GroupMember = AppendMember | RunMember;

/** DynamoDB's limits of a transaction, with room for what our estimate of bytes leaves out. */
const itemsMax = 100;
const bytesMax = 3_900_000;

/** An entry of a long stream id, as printed. */
const entryBytesMax = 1_200;

interface Placed {
  readonly member: GroupMember;
  readonly range: VersionRange;
  readonly items: readonly Item[];
}

export class LaneGroup {
  readonly place: LanePlace;
  readonly nonce: string;
  readonly #nowMs: number;
  readonly #placed: Placed[] = [];
  readonly #entries = new Map<string, LaneEntry>();
  readonly #heads = new Map<string, Head>();
  readonly #keys = new Set<string>();
  /** The stream of a member that goes alone. */
  #only: string | undefined;
  #items = 1;
  #bytes = 0;

  constructor({ place, nonce, nowMs }: { place: LanePlace; nonce: string; nowMs: number }) {
    this.place = place;
    this.nonce = nonce;
    this.#nowMs = nowMs;
  }

  get isEmpty(): boolean {
    return this.#placed.length === 0;
  }

  get members(): readonly GroupMember[] {
    return this.#placed.map(({ member }) => member);
  }

  get entries(): readonly LaneEntry[] {
    return [...this.#entries.values()];
  }

  /** Takes a member in, lets it wait for the next group, or finds that it must be planned again. */
  add(member: GroupMember, heads: Heads): 'added' | 'wait' | 'again' {
    const streamId = streamOf(member);
    if (!this.isEmpty && (member.alone || this.#only !== undefined) && this.#only !== streamId) return 'wait';
    const result = member.kind === 'append' ? this.#addAppend(member, heads) : this.#addRun(member);
    if (result === 'added' && member.alone) this.#only = streamId;
    return result;
  }

  #addAppend(member: AppendMember, heads: Heads): 'added' | 'wait' | 'again' {
    const { streamId, expectedVersion, events } = member.append;
    const inGroup = this.#heads.get(streamId);
    if (inGroup === undefined && this.#entries.has(streamId)) return 'wait';
    const head = inGroup ?? newer(member.head, heads.get(streamId));
    assert(head.version === 0 || head.lane !== undefined, 'an event in front of an append is in the feed');
    const firstVersion = head.version + 1;
    if (expectedVersion !== undefined && expectedVersion !== firstVersion) return inGroup ? 'wait' : 'again';
    const marker = needsIdMarker(member.append)
      ? idMarkerPartition({ streamId, eventId: events[0]?.id ?? '' })
      : undefined;
    if (marker !== undefined && this.#keys.has(marker)) return 'wait';
    const time = timeBehind(head, this.#nowMs);
    const { nonce, place } = this;
    const items = appendItems({ append: member.append, firstVersion, nonce, time, lane: place });
    if (!this.#hasRoom(items)) return 'wait';
    if (marker !== undefined) this.#keys.add(marker);
    this.#placed.push({ member, range: { firstVersion, count: events.length }, items });
    const entry = this.#entries.get(streamId) ?? { streamId, firstVersion, count: 0, previous: head.lane };
    this.#entries.set(streamId, { ...entry, count: entry.count + events.length });
    this.#heads.set(streamId, { version: head.version + events.length, lane: this.place, time, ours: true });
    return 'added';
  }

  #addRun(member: RunMember): 'added' | 'wait' {
    const { entry } = member;
    const items = [encodeLateRun(entry.streamId, { ...entry, lane: this.place }, this.nonce)];
    if (this.#entries.has(entry.streamId) || !this.#hasRoom(items)) return 'wait';
    this.#placed.push({ member, range: entry, items });
    this.#entries.set(entry.streamId, entry);
    return 'added';
  }

  #hasRoom(items: readonly Item[]): boolean {
    const bytes = items.reduce((sum, item) => sum + itemBytes(item), entryBytesMax);
    if (this.#items + items.length > itemsMax || this.#bytes + bytes > bytesMax) return false;
    this.#items += items.length;
    this.#bytes += bytes;
    return true;
  }

  /** All items, the record first, each with the member that it belongs to. */
  items(): readonly { readonly item: Item; readonly member: GroupMember | undefined }[] {
    const record = encodeLaneRecord(this.place, this.entries, this.nonce);
    const others = this.#placed.flatMap(({ items, member }) => items.map((item) => ({ item, member })));
    const events = others.flatMap(({ item }) => ('Event Type' in item ? [item] : []));
    return [{ item: inlineEvents(record, events), member: undefined }, ...others];
  }

  /** It is stored: teaches the heads and settles the members. */
  win(heads: Heads): void {
    for (const [streamId, head] of this.#heads) heads.learn(streamId, head);
    for (const { member, range } of this.#placed) member.settle(range);
  }
}

export function streamOf(member: GroupMember): string {
  return member.kind === 'append' ? member.append.streamId : member.entry.streamId;
}

/** What this instance wrote since the member was planned. */
function newer(planned: Head, known: Head | undefined): Head {
  return known?.ours && known.version > planned.version ? known : planned;
}
