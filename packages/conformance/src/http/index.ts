export { httpConformance } from './http-conformance.ts';
export type { HttpCapabilities, HttpConformanceOptions } from './http-suite.ts';
