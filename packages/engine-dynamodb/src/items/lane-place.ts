/** A record's place: its lane, and its number in the lane. Written as `7:42`. */
export interface LanePlace {
  readonly lane: number;
  readonly record: number;
}

const pattern = /^([1-9]\d*):([1-9]\d*)$/;

export function printLanePlace({ lane, record }: LanePlace): string {
  return `${lane}:${record}`;
}

/** `undefined` where nothing, or nothing of ours, is written. */
export function parseLanePlace(text: unknown): LanePlace | undefined {
  const match = typeof text === 'string' ? pattern.exec(text) : null;
  return match === null ? undefined : { lane: Number(match[1]), record: Number(match[2]) };
}
