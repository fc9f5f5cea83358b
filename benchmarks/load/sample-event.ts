/**
 * The event that is stored everywhere. Its data is JSON, of as many bytes as are wanted, and text
 * that cannot be compressed fills it up, so that a rival that compresses gains nothing.
 */

const small = '{"amount":10000}';
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const eventType = 'AmountDeposited';

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

/** The event as this store is sent it. */
function sampleEvent(dataBytes: number): string {
  return JSON.stringify({ type: eventType, data: btoa(sampleData(dataBytes)) });
}

/** An append of one event or more. */
export function appendBody({ eventsPerAppend, dataBytes }: { eventsPerAppend: number; dataBytes: number }): string {
  const event = sampleEvent(dataBytes);
  return eventsPerAppend === 1 ? event : `[${Array(eventsPerAppend).fill(event).join(',')}]`;
}
