/**
 * The event that is stored everywhere. Its data is JSON, of as many bytes as are wanted, and text
 * that cannot be compressed fills it up, so that a rival that compresses gains nothing.
 */

const small = '{"amount":10000}';
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const eventType = 'AmountDeposited';
export const wantedType = 'AmountWithdrawn';

/** One small event an append, to a thousand streams in turn. */
export const smallAppends = { eventsPerAppend: 1, streams: 1_000, dataBytes: small.length };

/** The data as text. */
export function sampleData(bytes: number): string {
  if (bytes === small.length) return small;
  const frame = '{"text":""}';
  let state = 1;
  const text = Array.from({ length: bytes - frame.length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return digits[(state >>> 8) % digits.length];
  });
  return `{"text":"${text.join('')}"}`;
}

/** An append of one event or more, as this store is sent it. */
export function appendBody({ eventsPerAppend, dataBytes }: { eventsPerAppend: number; dataBytes: number }): string {
  const event = printEvent(eventType, dataBytes);
  return eventsPerAppend === 1 ? event : `[${Array(eventsPerAppend).fill(event).join(',')}]`;
}

/** An append of a thousand, of which one in so many is of another type. */
export function mixedBody(wantedEvery: number): string {
  const events = Array.from({ length: 1_000 }, (_, index) =>
    printEvent((index + 1) % wantedEvery === 0 ? wantedType : eventType, small.length),
  );
  return `[${events.join(',')}]`;
}

function printEvent(type: string, dataBytes: number): string {
  return JSON.stringify({ type, data: btoa(sampleData(dataBytes)) });
}
