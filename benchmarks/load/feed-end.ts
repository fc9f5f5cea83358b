/** The position of the last event that is stored, by the store's own metrics. */
export async function feedEnd(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/-/metrics`);
  const position = /^event_store_engine_feed_position (\d+)$/m.exec(await answer.text())?.[1];
  if (position === undefined) throw new Error('the metrics have no position');
  return Number(position);
}
