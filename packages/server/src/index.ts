export type { RequestTimeouts } from './http/create-http-server.ts';
export type { LogLevel } from './observability/log.ts';
export type { RunningServer, ServerOptions } from './server-options.ts';
export { startServer } from './start-server.ts';
