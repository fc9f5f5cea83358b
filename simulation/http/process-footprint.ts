/** What a process holds, as Linux counts it. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Footprint {
  /** Memory that is no file's (RssAnon). */
  readonly anonymousMiB: number;
  readonly descriptors: number;
}

export function footprintOf(processId: number): Footprint {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  const kibibytes = Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { anonymousMiB: kibibytes / 1024, descriptors: readdirSync(`/proc/${processId}/fd`).length };
}
