/** What some parts need of the machine, and how to tell whether it is there. */
import { spawnSync } from 'node:child_process';

export type Need = keyof typeof absences;

/** For each need, what is missing on this machine; `undefined` when nothing is. */
const absences = {
  root: () => (process.getuid?.() === 0 ? undefined : 'not root'),
  strace: () =>
    works('strace', ['-f', '-o', '/dev/null', 'true']) ? undefined : 'no strace, or no permission to trace',
  'loop devices': () => (works('losetup', ['--find']) ? undefined : 'no loop devices'),
  ext4: () => (works('mkfs.ext4', ['-V']) ? undefined : 'no mkfs.ext4'),
  descriptors: () => (works('sh', ['-c', 'ulimit -n 16384']) ? undefined : 'fewer than 16,384 descriptors'),
  perl: () => (works('perl', ['-e', '1']) ? undefined : 'no perl'),
} as const satisfies Record<string, () => string | undefined>;

/** Why a part with these needs cannot run here; `undefined` when it can. */
export function whyNot(needs: readonly Need[]): string | undefined {
  const missing = needs.map((need) => absences[need]()).filter((absence) => absence !== undefined);
  return missing.length === 0 ? undefined : missing.join(', ');
}

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
