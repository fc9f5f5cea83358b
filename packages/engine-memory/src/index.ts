export * from './open-memory-engine.ts';
