import { readFileSync } from 'node:fs';

/** The version of this program, as its package says. */
export function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest.version;
}
