import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian keeps servers that are not on everybody's path; newer versions first. */
const elsewhere = ['/usr/sbin', ...globSync('/usr/lib/postgresql/*/bin').sort().reverse()];

/** A program that measuring needs and this machine does not have. */
export class ToolMissing extends Error {
  constructor(name: string) {
    super(`${name} is not installed; on Debian \`npm run bench -- --setup\` installs everything`);
  }
}

/** @throws ToolMissing */
export function findTool(name: string): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...elsewhere];
  const found = folders.map((folder) => join(folder, name)).find(isProgram);
  if (found === undefined) throw new ToolMissing(name);
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
