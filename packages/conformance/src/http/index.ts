export { type HttpConformanceOptions, httpConformance } from './http-conformance.ts';
export type { HttpCapabilities } from './http-suite.ts';
