/** Shows what a repair would give up, and finds out whether it is to. */
import type { PlannedLoss } from '@event-store/engine-log';
import { count } from './describe-report.ts';

export interface RepairConsent {
  readonly yes?: boolean;
  readonly giveUpUnknown?: boolean;
}

/** So many are named one by one. */
const namedEventsMax = 100;

export function* describeLoss({ events, unknownEvents, losesConsumers }: PlannedLoss): Generator<string> {
  for (const { position, streamId, version } of events.slice(0, namedEventsMax))
    yield `give up: position ${position}, stream ${JSON.stringify(streamId)} version ${version}`;
  if (events.length > namedEventsMax) yield `give up: ${events.length - namedEventsMax} more`;
  if (unknownEvents > 0) {
    yield `${count(unknownEvents, 'event')} of these cannot be told to be of which stream: they are filed under "-/lost", ` +
      'and the streams that they ended will give the same versions again.';
  }
  if (losesConsumers) yield 'give up: how far consumers have come; they have to be made anew.';
  if (events.length === 0) yield 'No event has to be given up.';
}

/** What must be typed is the number, so that nobody says it by habit. */
export async function confirmRepair(
  { events, unknownEvents }: PlannedLoss,
  {
    consent,
    ask,
  }: { readonly consent: RepairConsent; readonly ask: ((question: string) => Promise<string>) | undefined },
): Promise<boolean> {
  if (consent.yes === true) return unknownEvents === 0 || consent.giveUpUnknown === true;
  if (ask === undefined) return false;
  const wanted = `${events.length}`;
  return (await ask(`To repair the store, type the number of events to give up (${wanted}): `)).trim() === wanted;
}
