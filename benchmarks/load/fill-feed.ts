const appendsAtOnce = 8;
const streams = 10_000;

/** Stores an append of a thousand events again and again, to ten thousand streams in turn. */
export async function fillFeed({ url, events, body }: { url: string; events: number; body: string }): Promise<void> {
  const appends = Math.ceil(events / 1_000);
  let begun = 0;
  const worker = async () => {
    while (begun < appends) {
      const stream = `${url}/account-${begun++ % streams}`;
      const answer = await fetch(stream, { method: 'POST', body });
      if (!answer.ok) throw new Error(`${stream} answered ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: appendsAtOnce }, worker));
}
