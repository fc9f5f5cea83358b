/** What a repaired segment is made of, in order: bytes that stay, and lines that are written anew. */
import type { LostEvent } from '../format/lost-line.ts';
import { encodeSegmentHeader, segmentName } from '../format/segment-header.ts';
import { segmentSalt } from '../format/segment-salt.ts';
import type { StoreIdentity } from '../format/store-file.ts';
import type { SegmentFile } from '../verify/list-segments.ts';
import type { Loss, Restorable } from '../verify/walk-log.ts';
import type { RepairPlan } from './plan-repair.ts';

export type Part =
  | { readonly kind: 'kept'; readonly from: number; readonly to: number }
  | { readonly kind: 'written'; readonly bytes: Buffer }
  | { readonly kind: 'lost'; readonly events: readonly LostEvent[]; readonly digits: number; readonly salt: number };

export interface RepairedSegment {
  /** The file that is there now; `undefined` when there is none. */
  readonly before: SegmentFile | undefined;
  readonly firstPosition: number;
  readonly name: string;
  readonly parts: readonly Part[];
  /** What of the file is left out, to be kept beside the log. */
  readonly cuts: readonly { readonly from: number; readonly to: number }[];
  readonly lastPosition: number;
  readonly digits: number;
}

/** Files that are not of this log and stand for no position of it: they are put away whole. */
export function surplusSegments({ log: { segments, losses } }: RepairPlan): SegmentFile[] {
  return losses.flatMap(({ segment, isForeign, position, lastPosition }) =>
    isForeign && segment !== undefined && segment !== segments[0] && lastPosition < position ? [segment] : [],
  );
}

/** The segments that have to be written anew. */
export function repairedSegments(plan: RepairPlan, store: StoreIdentity): RepairedSegment[] {
  const { segments, losses, restorables, ends } = plan.log;
  const repaired: RepairedSegment[] = [];
  const lost = new LostByPosition(plan.lost);
  const surplus = surplusSegments(plan);
  const missing = losses.find(({ segment }) => segment === undefined);
  let digits = 0;
  if (missing !== undefined) {
    const made = madeSegment(missing, { store, events: lost.between(missing.position, missing.lastPosition) });
    repaired.push(made);
    digits = made.digits;
  }
  for (const segment of segments) {
    const end = ends.find((each) => each.segment === segment);
    if (end === undefined || surplus.includes(segment)) continue;
    const changes = [...losses, ...restorables]
      .filter((each) => each.segment === segment)
      .sort((a, b) => a.offset - b.offset);
    const isSame = changes.length === 0 && segment.header !== undefined;
    if (!isSame) {
      const isLast = segment === segments.at(-1);
      repaired.push(
        partsOf(segment, {
          changes,
          lost,
          store,
          previous: digits,
          end: isLast ? plan.log.end.offset : segment.bytes,
          lastPosition: end.position,
          digits: end.digits,
        }),
      );
    }
    digits = isSame ? (end.digits ?? digits) : (repaired.at(-1)?.digits ?? digits);
  }
  return repaired;
}

interface PartsOptions {
  readonly changes: readonly (Loss | Restorable)[];
  readonly lost: LostByPosition;
  readonly store: StoreIdentity;
  readonly previous: number;
  readonly end: number;
  readonly lastPosition: number;
  readonly digits: number | undefined;
}

function partsOf(segment: SegmentFile, options: PartsOptions): RepairedSegment {
  const { changes, lost, store, previous, end, lastPosition } = options;
  const { firstPosition, header, isForeign } = segment;
  const encoded = encodeSegmentHeader({ ...store, firstPosition, previousChecksum: previous });
  const isHeaderKept = header !== undefined && !isForeign;
  const parts: Part[] = [
    isHeaderKept ? { kind: 'kept', from: 0, to: header.bytes } : { kind: 'written', bytes: encoded.bytes },
  ];
  const salt = segmentSalt(store, firstPosition);
  const cuts: { from: number; to: number }[] = [];
  let at = Math.min(isHeaderKept ? header.bytes : encoded.bytes.length, end);
  if (!isHeaderKept && !isForeign) cuts.push({ from: 0, to: at });
  let digits = options.digits ?? (isHeaderKept ? header.digits : encoded.checksum);
  for (const change of changes) {
    const to = change.kind === 'loss' ? change.end : change.offset + change.content.length;
    if (change.offset > at) parts.push({ kind: 'kept', from: at, to: change.offset });
    if (to > change.offset) cuts.push({ from: change.offset, to });
    at = Math.max(at, to);
    if (change.kind === 'restorable') {
      parts.push({ kind: 'written', bytes: change.content });
      continue;
    }
    const outer = change.after ?? change.before ?? digits;
    parts.push({ kind: 'lost', events: lost.between(change.position, change.lastPosition), digits: outer, salt });
    if (change.lastPosition === lastPosition) digits = outer;
  }
  if (at < end) parts.push({ kind: 'kept', from: at, to: end });
  if (end < segment.bytes && !isForeign) cuts.push({ from: end, to: segment.bytes });
  return { before: segment, firstPosition, name: segmentName(firstPosition), parts, cuts, lastPosition, digits };
}

/** A segment in place of files that are gone. */
function madeSegment(
  { position, lastPosition, after }: Loss,
  { store, events }: { store: StoreIdentity; events: readonly LostEvent[] },
): RepairedSegment {
  const header = encodeSegmentHeader({ ...store, firstPosition: position, previousChecksum: 0 });
  const digits = after ?? header.checksum;
  const parts: Part[] = [
    { kind: 'written', bytes: header.bytes },
    { kind: 'lost', events, digits, salt: segmentSalt(store, position) },
  ];
  return {
    before: undefined,
    firstPosition: position,
    name: segmentName(position),
    parts,
    cuts: [],
    lastPosition,
    digits,
  };
}

class LostByPosition {
  readonly #lost: readonly LostEvent[];
  readonly #indexes: ReadonlyMap<number, number>;

  constructor(lost: readonly LostEvent[]) {
    this.#lost = lost;
    this.#indexes = new Map(lost.map(({ position }, index) => [position, index]));
  }

  between(position: number, lastPosition: number): readonly LostEvent[] {
    const from = this.#indexes.get(position) ?? 0;
    return this.#lost.slice(from, from + Math.max(0, lastPosition - position + 1));
  }
}
