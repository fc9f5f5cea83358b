/**
 * `npm run bench -- --setup`: installs the rivals and the load generators. Servers come from Debian,
 * what is in npm goes into a folder that git ignores, so that `npm ci` stays quick for everybody.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installedFolder } from './load/find-tool.ts';

const debianPackages = ['wrk', 'redis-server', 'nats-server', 'postgresql', 'gcc', 'libc6-dev'];
const npmPackages = ['@eventide/message-db@1.3.1', '@durable-streams/server@0.3.7'];
const warnings = ['-O2', '-Wall', '-Wextra', '-Werror'];

/** Needs to be root, or to be let by sudo. */
export function setup(): void {
  runAsRoot('apt-get', 'update');
  runAsRoot('apt-get', 'install', '--yes', '--no-install-recommends', ...debianPackages);
  mkdirSync(installedFolder, { recursive: true });
  run('npm', 'install', '--prefix', installedFolder, '--no-save', '--no-package-lock', ...npmPackages);
  const source = join(import.meta.dirname, 'load', 'closed-loop.c');
  run('gcc', ...warnings, '-D_GNU_SOURCE', '-o', join(installedFolder, 'closed-loop'), source);
}

function runAsRoot(file: string, ...args: readonly string[]): void {
  if (process.getuid?.() === 0) run(file, ...args);
  else run('sudo', file, ...args);
}

function run(file: string, ...args: readonly string[]): void {
  execFileSync(file, args, { stdio: 'inherit' });
}
