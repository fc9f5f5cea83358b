export { repairLogStore, verifyLogStore } from './maintenance.ts';
export {
  type LogEngineOptions,
  openLogEngine,
  scrubBytesPerSecondDefault,
  segmentBytesDefault,
} from './open-log-engine.ts';
export type { PlannedLoss } from './repair/repair-store.ts';
export type { Finding } from './verify/finding.ts';
export type { VerifyReport } from './verify/verify-store.ts';
