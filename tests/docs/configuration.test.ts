/** The tables of settings and exit codes are those of the command. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scrubBytesPerSecondDefault, segmentBytesDefault } from '@event-store/engine-log';
import { exitCodeMeanings } from '../../packages/cli/src/exit-code.ts';
import { type Setting, settings } from '../../packages/cli/src/settings.ts';
import { onlyCodeIn, readPage, tableRows } from './markdown.ts';

const page = readPage('docs/reference/configuration.md');

interface Row {
  readonly flag: string;
  readonly variable: string;
  readonly default: string;
}

/** What the engine does when nothing is said. */
const ofEngine: Readonly<Record<string, number>> = {
  segmentBytes: segmentBytesDefault,
  scrubBytesPerSecond: scrubBytesPerSecondDefault,
};

/** Every setting of the command. */
const known: readonly Row[] = Object.entries<Setting<unknown>>(settings).map(([name, setting]) => ({
  flag: setting.flag ?? '',
  variable: setting.variable,
  default: setting.default ?? `${ofEngine[name] ?? ''}`,
}));

function documented(text: string): readonly Row[] {
  return tableRows(text, ['flag', 'variable', 'default']).map((row) => ({
    flag: onlyCodeIn(row.flag),
    variable: onlyCodeIn(row.variable),
    default: onlyCodeIn(row.default),
  }));
}

test('the page of the configuration and the command agree on settings', () => {
  assert.deepEqual(documented(page), known);
});

test('what the README says of settings is so', () => {
  const rows = documented(readPage('README.md'));
  assert.notEqual(rows.length, 0);
  for (const row of rows)
    assert.deepEqual(
      row,
      known.find(({ variable }) => variable === row.variable),
    );
});

test('the page of the configuration and the command agree on exit codes', () => {
  const rows = tableRows(page, ['code', 'meaning']);
  assert.deepEqual(
    rows.map(({ code }) => Number(code)),
    exitCodeMeanings.map(([code]) => code),
  );
});
