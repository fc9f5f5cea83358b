import { readFileSync } from 'node:fs';

/** Linux counts in these, whatever the machine. */
const ticksPerSecond = 100;

/** What a process has used so far, in user and kernel mode. */
export function cpuSecondsOf(processId: number): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
