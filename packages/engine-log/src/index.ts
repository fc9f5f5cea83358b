export { type LogEngineOptions, type LogEnvironment, openLogEngine, segmentBytesDefault } from './open-log-engine.ts';
