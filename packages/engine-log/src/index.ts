export { type LogEngineOptions, openLogEngine, segmentBytesDefault } from './open-log-engine.ts';
export type { Finding } from './verify/finding.ts';
export type { VerifyReport } from './verify/verify-store.ts';
export { verifyLogStore } from './verify-log-store.ts';
