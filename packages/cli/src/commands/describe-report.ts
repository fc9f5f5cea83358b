/** What `verify` and `repair` found, as lines for people. */
import type { Finding, VerifyReport } from '@event-store/engine-log';

/** A line for each finding, and what it comes to. */
export function* describeReport(report: VerifyReport): Generator<string> {
  for (const finding of report.findings) yield describeFinding(finding);
  const { events, streams, segments, bytes, lostEvents, damagedEvents, isIntact } = report;
  const lost = lostEvents > 0 ? `, ${lostEvents} ${lostEvents === 1 ? 'was' : 'were'} given up in a repair` : '';
  yield `${count(events, 'event')} in ${count(streams, 'stream')} intact${lost}; ${count(segments, 'segment')}, ${bytes} bytes.`;
  if (isIntact) yield 'The store is intact.';
  else yield `The store is damaged: "event-store repair" would give up ${count(damagedEvents, 'event')}.`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function describeFinding({ severity, text, ...finding }: Finding): string {
  const { file, offset, bytes, position, lastPosition, streamId, version } = finding;
  const positions = lastPosition === undefined ? `position ${position}` : `positions ${position} to ${lastPosition}`;
  const place = [
    file,
    offset === undefined ? '' : `byte ${offset}`,
    bytes === undefined ? '' : `${bytes} bytes`,
    position === undefined ? '' : positions,
    streamId === undefined ? '' : `stream ${JSON.stringify(streamId)} version ${version}`,
  ];
  return `${severity}: ${place.filter((part) => part !== '').join(', ')}: ${text}`;
}
