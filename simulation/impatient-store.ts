/**
 * The embedded store as `event-store serve` runs it, but with time-outs of seconds, so that they can
 * be waited for: `node simulation/impatient-store.ts DIRECTORY`.
 */
import { openLogEngine } from '../packages/engine-log/src/open-log-engine.ts';
import { startServer } from '../packages/server/src/start-server.ts';

const [, , directory = 'data'] = process.argv;
const timeouts = { headMs: 1_500, requestMs: 3_000, stallMs: 3_000 };
const server = await startServer({ host: '127.0.0.1', port: 0, productVersion: 'impatient', timeouts }, (observer) =>
  openLogEngine({ directory, observer }),
);
process.once('SIGTERM', async () => {
  await server.stop();
  process.exit(0);
});
