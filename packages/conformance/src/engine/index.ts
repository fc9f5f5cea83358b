export { engineConformance } from './engine-conformance.ts';
export type { EngineConformanceOptions, OpenEngine, OpenEngineOptions, OpenedEngine } from './engine-suite.ts';
