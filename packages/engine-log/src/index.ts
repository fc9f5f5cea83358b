export { type LogEngineOptions, openLogEngine, segmentBytesDefault } from './open-log-engine.ts';
