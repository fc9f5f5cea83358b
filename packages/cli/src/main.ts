#!/usr/bin/env -S node --max-semi-space-size=8 --max-old-space-size=1024
/**
 * The `event-store` command. This file alone knows the process; it loads the rest only once it is
 * sure that this Node.js can run it. The bounds of the heap make the collector work early: without
 * them it lets garbage grow with the machine's memory.
 */
import { nodeVersionProblem } from './node-version.ts';

const problem = nodeVersionProblem(process.versions.node);
if (problem === undefined) {
  const { runCommandLine } = await import('./run-command-line.ts');
  process.exit(await runCommandLine(process));
}
process.stderr.write(`event-store: ${problem}\n`);
process.exit(78);
