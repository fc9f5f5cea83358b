/**
 * Lays out what is shipped: builds and packs the command and the packages that it needs, and
 * installs them as files, with exactly the libraries of the lockfile and nothing for development.
 * The image and the test of a packed install both run what this makes.
 *
 *     DIRECTORY/node_modules/event-store/dist/main.js    the command
 *     DIRECTORY/node_modules/@event-store/…              its packages, unpacked from their tarballs
 *     DIRECTORY/node_modules/…                           libraries
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from './build.ts';
import { packagesNeededBy, type WorkspacePackage } from './workspace-packages.ts';

const command = 'event-store';

/** Makes `directory`, which must not exist yet. */
export function pack(directory: string): void {
  if (existsSync(directory)) throw new Error(`${directory} exists already`);
  build();
  installLibraries(directory);
  const tarballs = mkdtempSync(join(tmpdir(), 'event-store-pack-'));
  try {
    for (const each of packagesNeededBy(command)) unpack(each, { directory, tarballs });
  } finally {
    rmSync(tarballs, { recursive: true });
  }
  rmSync(join(directory, 'packages'), { recursive: true });
}

/** Where npm is told of workspaces it links them; the links are replaced below. */
function installLibraries(directory: string): void {
  for (const file of ['package.json', 'package-lock.json', ...globSync('packages/*/package.json')]) {
    cpSync(file, join(directory, file));
  }
  npm(['ci', '--omit=dev', '--workspace', command, '--prefer-offline', '--no-audit', '--no-fund'], directory);
}

function unpack({ name, folder }: WorkspacePackage, places: { directory: string; tarballs: string }): void {
  const { directory, tarballs } = places;
  npm(['pack', resolve(folder), '--silent', '--pack-destination', tarballs], '.');
  const [tarball = ''] = globSync(join(tarballs, '*.tgz'));
  const installed = join(directory, 'node_modules', name);
  rmSync(installed);
  mkdirSync(installed);
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  rmSync(tarball);
  const ownLibraries = join(directory, folder, 'node_modules');
  if (existsSync(ownLibraries)) renameSync(ownLibraries, join(installed, 'node_modules'));
}

function npm(args: readonly string[], folder: string): void {
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

if (import.meta.main) {
  const [directory] = process.argv.slice(2);
  if (directory === undefined) {
    process.stderr.write('usage: npm run pack -- DIRECTORY (which must not exist yet)\n');
    process.exit(64);
  }
  pack(resolve(directory));
}
