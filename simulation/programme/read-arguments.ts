/** What `npm run torture` is told; ends the process where that is help, or wrong. */
import { parseArgs } from 'node:util';
import type { Part } from './part.ts';
import { chooseParts, parts } from './parts.ts';

const usage = `npm run torture -- [--minutes 10] [--seed 1] [--only T4,planted] [--trials N] [--record]

  --minutes N  at most so long in all
  --seed N     of the first trial of each part; the same seed is the same trial
  --only LIST  parts by id or name, with commas between them
  --trials N   at most so many of each part
  --record     add what was done to the ledger

${parts.map(({ id, name, title }) => `  ${id.padEnd(8)} ${name.padEnd(13)} ${title}`).join('\n')}`;

interface Arguments {
  readonly durationMs: number;
  readonly firstSeed: number;
  readonly trialsMax: number | undefined;
  readonly parts: readonly Part[];
  readonly isRecorded: boolean;
}

export function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string', default: '10' },
        seed: { type: 'string', default: '1' },
        only: { type: 'string', default: '' },
        trials: { type: 'string' },
        record: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit();
    }
    return {
      durationMs: positive('minutes', values.minutes) * 60_000,
      firstSeed: positive('seed', values.seed),
      trialsMax: values.trials === undefined ? undefined : positive('trials', values.trials),
      parts: chooseParts(values.only),
      isRecorded: values.record,
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new RangeError(`--${name} takes a number above 0, not ${text}`);
}
