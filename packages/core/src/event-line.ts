import type { ProposedEvent } from './event.ts';
import { jsonString } from './text.ts';

/**
 * The JSON line of an event: what engines store where they can, and what every reader is sent.
 *
 *     {"streamId":"account-1","version":3,"type":"AmountDeposited","data":"…","id":"…",
 *      "time":"2026-11-23T11:40:00.123Z","metadata":{…},"position":1042}
 *
 * `id`, `metadata` and `position` are left out where there is none. An engine may add fields of
 * its own behind `position`. No line break of any standard stands in a line unescaped.
 */
export interface EventLineFields {
  readonly streamId: string;
  readonly version: number;
  readonly event: ProposedEvent;
  /** Absent on items of the original service. */
  readonly time?: string;
  readonly position?: number;
}

/** The line without its closing brace, so that an engine can add its own fields. */
export function openEventLine({ streamId, version, event, time, position }: EventLineFields): string {
  let line = `{"streamId":${jsonString(streamId)},"version":${version},"type":${jsonString(event.type)},"data":"${event.data}"`;
  if (event.id !== undefined) line += `,"id":"${event.id}"`;
  if (time !== undefined) line += `,"time":"${time}"`;
  if (event.metadata !== undefined) line += `,"metadata":${event.metadata}`;
  if (position !== undefined) line += `,"position":${position}`;
  return line;
}

/** The whole line, without a line feed. */
export function eventLine(fields: EventLineFields): string {
  return `${openEventLine(fields)}}`;
}
