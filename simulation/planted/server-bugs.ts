/** What could be wrong with the server: subscriptions, pages, bodies. */
import type { PlantedBug } from './planted-bug.ts';

const source = 'packages/server/src';
const subscription = `${source}/subscriptions/subscription.ts`;
const scenario = 'server';
const seeds = 6;

export const serverBugs: readonly PlantedBug[] = [
  {
    name: 'a subscriber resumes one too late',
    edits: [
      {
        file: `${source}/subscriptions/starting-cursor.ts`,
        find: 'return cursor;',
        replace: 'return cursor > 0 ? cursor + 1 : cursor;',
      },
    ],
    caughtBy: 'I11',
    scenario,
    seeds,
  },
  {
    name: 'a subscriber resumes one too early',
    edits: [
      {
        file: `${source}/subscriptions/starting-cursor.ts`,
        find: 'return cursor;',
        replace: 'return Math.max(0, cursor - 1);',
      },
    ],
    caughtBy: 'I11',
    scenario,
    seeds,
  },
  {
    name: 'what commits between catch-up and live is missed',
    edits: [
      {
        file: `${source}/subscriptions/rounds.ts`,
        find: 'if (this.#isStopped || this.#number !== seen) return;',
        replace: 'if (this.#isStopped) return;',
      },
      {
        file: `${source}/subscriptions/rounds.ts`,
        find: 'while (this.#isDue) {',
        replace: 'if (this.#isDue) {',
      },
    ],
    caughtBy: 'I12',
    scenario,
    seeds: 30,
  },
  {
    name: 'the cursor runs ahead of what is delivered',
    edits: [
      { file: subscription, find: 'this.#cursor = through;', replace: 'this.#cursor = through + (count > 1 ? 1 : 0);' },
    ],
    caughtBy: 'I11',
    scenario,
    seeds,
  },
  {
    name: 'a filter of a subscription eats an event',
    edits: [
      {
        file: `${source}/subscriptions/block.ts`,
        find: 'if (count > 0 && at + line.length > room) break;',
        replace:
          'if (count > 0 && at + line.length > room) break;\n    if (last % 17 === 16) {\n      start += line.length + 1;\n      last++;\n      continue;\n    }',
      },
    ],
    caughtBy: 'I11',
    scenario,
    seeds,
  },
  {
    name: 'the queue of a slow consumer is trimmed silently',
    edits: [
      {
        file: subscription,
        find: 'if (bytes.length > 0) await this.#write(bytes);',
        replace:
          'if (bytes.length > 0 && !this.#response.writableNeedDrain) void this.#write(bytes).catch(() => undefined);',
      },
    ],
    caughtBy: 'I11',
    scenario: 'slow-subscriber',
    seeds: 2,
  },
  {
    name: 'a chunked body is unlimited',
    edits: [
      {
        file: `${source}/http/read-body.ts`,
        find: 'if (bytes > bytesMax) fail(bodyTooLarge(bytesMax));\n      else if',
        replace: 'if',
      },
    ],
    caughtBy: 'P-18',
    scenario: 'chunked-body',
    seeds: 1,
  },
];
