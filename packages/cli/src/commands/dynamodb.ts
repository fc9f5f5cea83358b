/**
 * `event-store dynamodb …`: what is done to a table by hand. The engine is loaded only when one of
 * these runs.
 */
import { StartError } from '@event-store/core';
import type { Command } from 'commander';
import { type ConfigSources, parseConfig } from '../config.ts';
import { count } from './describe-report.ts';
import { progressBar } from './progress-bar.ts';

export interface DynamodbCommandsContext {
  readonly environment: ConfigSources['environment'];
  readonly print: (text: string) => void;
  /** Where progress is shown, beside the results. */
  readonly printProgress: (text: string) => void;
}

export function addDynamodbCommands(program: Command, context: DynamodbCommandsContext): void {
  const group = program.command('dynamodb').description('look after the table that DYNAMODB_TABLE names');
  group
    .command('create-table')
    .description('create the table (needs dynamodb:CreateTable and dynamodb:DescribeTable)')
    .action(() => createTable(context));
  group
    .command('policy')
    .description('print the least IAM policy that an instance needs')
    .action(() => printPolicy(context));
  group
    .command('backfill')
    .description('bring events into the feed that were written without it (needs dynamodb:Scan)')
    .action(() => backfill(context));
  group
    .command('verify')
    .description('check that streams and feed are whole and agree (needs dynamodb:Scan)')
    .action(() => verify(context));
}

async function createTable(context: DynamodbCommandsContext): Promise<void> {
  const address = tableAddress(context);
  const { createDynamodbTable } = await import('@event-store/engine-dynamodb');
  const outcome = await createDynamodbTable(address);
  context.print(
    outcome === 'created'
      ? `The table "${address.table}" is there. It is billed by request.\n`
      : `The table "${address.table}" was there already, with the right keys; nothing was changed.\n`,
  );
}

async function printPolicy(context: DynamodbCommandsContext): Promise<void> {
  const { dynamodbPolicy } = await import('@event-store/engine-dynamodb');
  context.print(`${JSON.stringify(dynamodbPolicy(tableAddress(context)), null, 2)}\n`);
}

async function backfill(context: DynamodbCommandsContext): Promise<void> {
  const { backfillDynamodbTable } = await import('@event-store/engine-dynamodb');
  const bar = progressBar(context.printProgress);
  const events = await backfillDynamodbTable({ ...tableAddress(context), onProgress: bar.show });
  bar.end();
  context.print(`${count(events, 'event')} ${events === 1 ? 'was' : 'were'} brought into the feed.\n`);
}

async function verify(context: DynamodbCommandsContext): Promise<void> {
  const { verifyDynamodbTable } = await import('@event-store/engine-dynamodb');
  const bar = progressBar(context.printProgress);
  const problems = await verifyDynamodbTable({ ...tableAddress(context), onProgress: bar.show });
  bar.end();
  for (const { where, what } of problems) context.print(`${where}: ${what}\n`);
  if (problems.length > 0) throw new StartError('foreign-data', `The table has ${count(problems.length, 'problem')}.`);
  context.print('Streams, lanes and feed are whole and agree.\n');
}

function tableAddress({ environment }: DynamodbCommandsContext) {
  const { dynamodbTable, awsRegion, dynamodbEndpoint } = parseConfig({ flags: {}, environment });
  if (dynamodbTable === undefined)
    throw new StartError('configuration', 'Set DYNAMODB_TABLE to the name of the table.');
  if (awsRegion === undefined) throw new StartError('configuration', 'Set AWS_REGION to the region of the table.');
  return { table: dynamodbTable, region: awsRegion, endpoint: dynamodbEndpoint };
}
