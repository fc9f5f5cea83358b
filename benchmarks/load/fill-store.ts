const eventsPerAppend = 1_000;
const appendsAtOnce = 8;
const streams = 10_000;
const event = JSON.stringify({ type: 'AmountDeposited', data: 'eyJhbW91bnQiOjEwMDAwfQ==' });

/** Stores `events` small events over HTTP, spread over ten thousand streams. */
export async function fillStore(url: string, events: number): Promise<void> {
  let begun = 0;
  const worker = async () => {
    while (begun < events) {
      const count = Math.min(eventsPerAppend, events - begun);
      const stream = (begun / eventsPerAppend) % streams;
      begun += count;
      await append(`${url}/account-${stream}`, count);
    }
  };
  await Promise.all(Array.from({ length: appendsAtOnce }, worker));
}

async function append(target: string, count: number): Promise<void> {
  const body = `[${Array(count).fill(event).join(',')}]`;
  const answer = await fetch(target, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${target} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}
