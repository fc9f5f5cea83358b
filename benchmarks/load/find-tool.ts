import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `--setup` puts what is not a package of the system; git ignores it. */
export const installedFolder = fileURLToPath(new URL('../installed/', import.meta.url));

/** Debian keeps some servers off everybody's path; newer versions first. */
const folders = [
  installedFolder,
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
  ...globSync('/usr/lib/postgresql/*/bin').sort().reverse(),
];

/** Why a contender cannot take part on this machine. */
export class NotAvailable extends Error {}

/** @throws NotAvailable */
export function findTool(name: string): string {
  const found = folders.map((folder) => join(folder, name)).find(isProgram);
  if (found === undefined) throw new NotAvailable(`${name} is not installed; see npm run bench -- --setup`);
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
