import type { IncomingHttpHeaders } from 'node:http';

/** The weak entity tag of a stream at a version (RFC 9110 section 8.8.3). */
export function entityTag(version: number): string {
  return `W/"${version}"`;
}

/** Whether `If-None-Match` names the tag; weak comparison, where `W/` makes no difference. */
export function isUnchanged(headers: IncomingHttpHeaders, version: number): boolean {
  const given = headers['if-none-match'];
  if (given === undefined) return false;
  const opaque = `"${version}"`;
  return given.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === opaque);
}
