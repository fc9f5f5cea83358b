const lineFeed = 0x0a;

export interface CountedEvents {
  readonly events: number;
  readonly lastPosition: number;
  readonly bytes: number;
}

/** Reads the feed, or what a query leaves of it, as lines; slow, so it is not for measuring the whole. */
export async function countEvents(url: string, query = ''): Promise<CountedEvents> {
  const answer = await fetch(`${url}/-/events${query}`, { headers: { Accept: 'application/x-ndjson' } });
  if (!answer.ok || answer.body === null) throw new Error(`the feed answered ${answer.status}`);
  let events = 0;
  let bytes = 0;
  let tail = Buffer.alloc(0);
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) events += 1;
    tail = Buffer.concat([tail, chunk]).subarray(-1024);
  }
  // The position stands behind the data, which may be long.
  const position = /^.*"position":(\d+)/s.exec(tail.toString())?.[1];
  if (events > 0 && position === undefined) throw new Error('the last event has no position');
  return { events, bytes, lastPosition: Number(position ?? 0) };
}
