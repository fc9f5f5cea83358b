/** `event-store verify [directory]`: tells what is wrong with a data directory, and changes nothing. */
import { StartError } from '@event-store/core';
import type { Finding, VerifyReport } from '@event-store/engine-log';
import type { Command } from 'commander';
import { type ConfigSources, parseConfig } from '../config.ts';
import { bytesProgress } from './bytes-progress.ts';

export interface StoreCommandsContext {
  readonly environment: ConfigSources['environment'];
  readonly print: (text: string) => void;
  /** Where progress is drawn; absent where nobody looks. */
  readonly printProgress: ((text: string) => void) | undefined;
}

export function addVerifyCommand(program: Command, context: StoreCommandsContext): void {
  program
    .command('verify')
    .description('check a data directory that no store uses: every byte, every line, the index')
    .argument('[directory]', 'the data directory (default: as for serve)')
    .option('--json', 'print one JSON object')
    .action((directory: string | undefined, { json = false }: { json?: boolean }) =>
      verify(context, { directory: directory ?? dataDirectory(context), json }),
    );
}

/** Where `serve` would keep its data. */
function dataDirectory({ environment }: StoreCommandsContext): string {
  return parseConfig({ flags: {}, environment }).data;
}

async function verify(context: StoreCommandsContext, { directory, json }: { directory: string; json: boolean }) {
  const { verifyLogStore } = await import('@event-store/engine-log');
  const bar = bytesProgress(context.printProgress);
  const report = await verifyLogStore({ directory, progress: bar.show }).finally(bar.end);
  if (json) context.print(`${JSON.stringify(report)}\n`);
  else for (const line of describeReport(report)) context.print(`${line}\n`);
  if (!report.isIntact) throw new StartError('foreign-data', `${directory} is damaged; see what was printed.`);
}

/** What was found, a line each, and what it comes to. */
function* describeReport(report: VerifyReport): Generator<string> {
  for (const finding of report.findings) yield describeFinding(finding);
  const { events, streams, segments, bytes, lostEvents, damagedEvents, isIntact } = report;
  const lost = lostEvents > 0 ? `, ${lostEvents} given up in a repair` : '';
  yield `${events} events in ${streams} streams are intact${lost}; ${segments} segments, ${bytes} bytes.`;
  if (isIntact) yield 'The store is intact.';
  else yield `The store is damaged: "event-store repair" would give up ${damagedEvents} events.`;
}

function describeFinding(finding: Finding): string {
  const { severity, file, offset, bytes, position, lastPosition, streamId, version, text } = finding;
  const place = [
    file,
    offset === undefined ? undefined : `byte ${offset}`,
    bytes === undefined ? undefined : `${bytes} bytes`,
    position === undefined
      ? undefined
      : lastPosition === undefined
        ? `position ${position}`
        : `positions ${position} to ${lastPosition}`,
    streamId === undefined ? undefined : `stream ${JSON.stringify(streamId)} version ${version}`,
  ];
  return `${severity}: ${place.filter((part) => part !== undefined).join(', ')}: ${text}`;
}
