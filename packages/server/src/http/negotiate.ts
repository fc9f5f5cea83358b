/** Content negotiation by `Accept` (RFC 9110 section 12.5.1): the most specific range decides a type's quality. */
import { EventStoreError } from '@event-store/core';

const json = 'application/json';
const ndjson = 'application/x-ndjson';
/** Messages as browsers' `EventSource` reads them (HTML standard, server-sent events). */
export const eventStreamType = 'text/event-stream';

export type MediaType = typeof json | typeof ndjson | typeof eventStreamType;

/** The best of the offered types; among equals the first one. */
export function negotiate(accept: string | undefined, offered: readonly MediaType[]): MediaType {
  const [preferred] = offered;
  if (preferred === undefined) throw new Error('Nothing is offered');
  if (accept === undefined || accept === '*/*' || accept === preferred) return preferred;
  const ranges = (accept.match(listElement) ?? []).map(parseRange).filter((range) => range !== undefined);
  let best = preferred;
  let bestQuality = 0;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > bestQuality) [best, bestQuality] = [type, quality];
  }
  if (bestQuality === 0) {
    throw new EventStoreError(
      'not-acceptable',
      `This is served as ${offered.join(' or ')}; "Accept" allows none of it.`,
    );
  }
  return best;
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

/** Commas within quoted parameters separate nothing. */
const listElement = /(?:[^,"]|"(?:\\.|[^"\\])*")+/g;
const rangePattern = /^([!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+)((?:\s*;[^;]*)*)$/;
const qualityPattern = /;\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)/;

/** A range that cannot be read allows nothing. */
function parseRange(text: string): Range | undefined {
  const match = rangePattern.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const [, type = '', parameters = ''] = match;
  if (!/;\s*q\s*=/.test(parameters)) return { type, quality: 1 };
  const quality = qualityPattern.exec(parameters)?.[1];
  return quality === undefined ? undefined : { type, quality: Number(quality) };
}

function qualityOf(type: string, ranges: readonly Range[]): number {
  for (const wanted of [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*']) {
    const matching = ranges.filter((range) => range.type === wanted);
    if (matching.length > 0) return Math.max(...matching.map(({ quality }) => quality));
  }
  return 0;
}

export const pageOnly = [json] as const;
export const everyForm = [json, ndjson, eventStreamType] as const;
