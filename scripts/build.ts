/**
 * Builds `dist/*.js` and `*.d.ts` of every package, each after those it depends on, because a
 * package sees the others as an installed one would: through their `dist`. The configuration is the
 * root's; what differs for a build is written beside the build's cache, not into the repository.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { packagesInOrder, type WorkspacePackage } from './workspace-packages.ts';

const cache = resolve('node_modules/.cache/build');
const compiler = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');

/** Builds all packages; throws when one does not compile. */
export function build(): void {
  mkdirSync(cache, { recursive: true });
  for (const each of packagesInOrder()) buildPackage(each);
}

function buildPackage({ name, folder }: WorkspacePackage): void {
  const output = resolve(folder, 'dist');
  rmSync(output, { recursive: true, force: true });
  const configuration = join(cache, `${name.replace(/^.*\//, '')}.json`);
  const compilerOptions = {
    noEmit: false,
    customConditions: [],
    rewriteRelativeImportExtensions: true,
    declaration: true,
    rootDir: resolve(folder, 'src'),
    outDir: output,
  };
  const include = [resolve(folder, 'src')];
  writeFileSync(configuration, JSON.stringify({ extends: resolve('tsconfig.json'), compilerOptions, include }));
  execFileSync(process.execPath, [compiler, '--project', configuration], { stdio: 'inherit' });
  for (const file of readdirSync(output, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.js')) rewriteUrls(join(output, file));
  }
}

/** The compiler rewrites imports; the files of workers are named by URLs, which it leaves alone. */
function rewriteUrls(file: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(/(new URL\('\.[^']*)\.ts(', import\.meta\.url\))/g, '$1.js$2');
  if (after !== before) writeFileSync(file, after);
}

if (import.meta.main) build();
