/** Writes the totals of the ledger into the page about testing: `node --conditions=source scripts/testing-totals.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { readLedger, totalsTable } from '../simulation/programme/ledger.ts';
import { parts } from '../simulation/programme/parts.ts';

export const testingPage = 'docs/internals/testing.md';

const place = /(?<=<!-- totals: [^\n]*-->\n\n)[\s\S]*?(?=\n\n<!-- end of totals -->)/;

/** The page with the totals of a ledger in the place for them. */
export function withTotals(page: string, ledger = readLedger()): string {
  if (!place.test(page)) throw new Error('The page has no place for totals');
  return page.replace(place, () => totalsTable(ledger, parts));
}

if (import.meta.main) writeFileSync(testingPage, withTotals(readFileSync(testingPage, 'utf8')));
