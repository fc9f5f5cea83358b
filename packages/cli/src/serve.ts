import { startServer } from '@event-store/server';
import { chooseEngine } from './choose-engine.ts';
import { type ConfigSources, parseConfig } from './config.ts';
import { type SignalSource, stopSignal } from './stop-signal.ts';
import { ownVersion } from './version.ts';

export interface ServeOptions extends ConfigSources {
  readonly signals: SignalSource;
  readonly connectionsMax: number;
}

/**
 * Runs the store until a signal asks it to stop; appends under way are finished first.
 *
 * @throws StartError when it cannot start.
 */
export async function serve({ flags, environment, signals, connectionsMax }: ServeOptions): Promise<void> {
  const config = parseConfig({ flags, environment });
  const openEngine = chooseEngine(config);
  const stopped = stopSignal(signals);
  const { host, port, token, allowedOrigins, allowedHosts, logLevel } = config;
  const productVersion = ownVersion();
  const starting = startServer(
    { host, port, token, allowedOrigins, allowedHosts, logLevel, productVersion, connectionsMax },
    openEngine,
  );
  const server = await Promise.race([starting, stopped.then(() => undefined)]);
  // Nothing was acknowledged before it was open, and opening may be cut off anywhere.
  if (server === undefined) return signals.exit(0);
  await stopped;
  await server.stop();
}
