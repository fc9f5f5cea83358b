/** `event-store verify` and `event-store repair`: what is done to a data directory that no store uses. */
import { StartError } from '@event-store/core';
import type { PlannedLoss } from '@event-store/engine-log';
import type { Command } from 'commander';
import { type ConfigSources, parseConfig } from '../config.ts';
import { bytesProgress } from './bytes-progress.ts';
import { confirmRepair, describeLoss, type RepairConsent } from './confirm-repair.ts';
import { count, describeReport } from './describe-report.ts';

export interface StoreCommandsContext {
  readonly environment: ConfigSources['environment'];
  readonly print: (text: string) => void;
  /** Where progress is drawn; absent where nobody looks. */
  readonly printProgress: ((text: string) => void) | undefined;
  /** Asks whoever sits at the terminal; absent where nobody does. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

const directoryArgument = ['[directory]', 'the data directory (default: as for serve)'] as const;

export function addStoreCommands(program: Command, context: StoreCommandsContext): void {
  program
    .command('verify')
    .description('check a data directory that no store uses: every byte, every line, the index')
    .argument(...directoryArgument)
    .option('--json', 'print one JSON object')
    .action((directory: string | undefined, { json = false }: { readonly json?: boolean }) =>
      verify(context, { directory: directoryOf(context, directory), json }),
    );
  program
    .command('repair')
    .description('give up what is damaged, once told to, so that the rest can go on')
    .argument(...directoryArgument)
    .option('--yes', 'give up what was shown, without asking')
    .option('--give-up-unknown', 'with --yes: also events that cannot be told to be of which stream')
    .action((directory: string | undefined, consent: RepairConsent) =>
      repair(context, { directory: directoryOf(context, directory), consent }),
    );
}

/** Where `serve` would keep its data, if nothing else is said. */
function directoryOf({ environment }: StoreCommandsContext, given: string | undefined): string {
  return given ?? parseConfig({ flags: {}, environment }).data;
}

async function verify(context: StoreCommandsContext, options: { readonly directory: string; readonly json: boolean }) {
  const { directory, json } = options;
  const { verifyLogStore } = await import('@event-store/engine-log');
  const bar = bytesProgress(context.printProgress);
  const report = await verifyLogStore({ directory, progress: bar.show }).finally(bar.end);
  if (json) context.print(`${JSON.stringify(report)}\n`);
  else printLines(context, describeReport(report));
  if (!report.isIntact) throw new StartError('foreign-data', `${directory} is damaged; see what was printed.`);
}

async function repair(
  context: StoreCommandsContext,
  options: { readonly directory: string; readonly consent: RepairConsent },
) {
  const { directory, consent } = options;
  const { repairLogStore } = await import('@event-store/engine-log');
  const bar = bytesProgress(context.printProgress);
  const confirm = async (loss: PlannedLoss) => {
    bar.end();
    printLines(context, describeReport(loss.report));
    printLines(context, describeLoss(loss));
    return confirmRepair(loss, { consent, ask: context.ask });
  };
  const { outcome, report, keptFiles } = await repairLogStore({ directory, confirm, progress: bar.show }).finally(
    bar.end,
  );
  if (outcome === 'refused')
    throw new StartError('foreign-data', 'Nothing was changed; --yes gives up what was shown.');
  if (outcome === 'intact') return context.print('The store is intact; there is nothing to repair.\n');
  const { events, lostEvents } = report;
  const kept = keptFiles > 0 ? ` What was cut is in ${directory}/repaired.` : '';
  context.print(
    `The store is repaired: ${count(events, 'event')} intact, ${count(lostEvents, 'event')} given up in all.${kept}\n`,
  );
}

function printLines({ print }: StoreCommandsContext, lines: Iterable<string>): void {
  for (const line of lines) print(`${line}\n`);
}
