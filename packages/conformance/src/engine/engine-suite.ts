/**
 * What a suite of engine tests is given, and the wrapper that opens a fresh engine for each test
 * and disposes of it afterwards, however the test ends.
 */
import type { Clock, StorageEngine } from '@event-store/core';
import type { TestRunner } from '../test-runner.ts';

/** An engine opened for one test, on an empty store. */
export interface OpenedEngine {
  readonly engine: StorageEngine;
  /** Closes the engine and opens the same store again; absent where nothing outlives the engine. */
  readonly reopen?: ReopenEngine;
  /** Closes whatever is open and removes the store. */
  dispose(): Promise<void>;
}

export type ReopenEngine = (options: OpenEngineOptions) => Promise<StorageEngine>;

export interface OpenEngineOptions {
  /** The clock that the engine is to use; without one, the system's. */
  readonly clock?: Clock;
}

export type OpenEngine = (options: OpenEngineOptions) => Promise<OpenedEngine>;

export interface EngineConformanceOptions {
  /** `describe` and `it` of any test runner. */
  readonly test: TestRunner;
  readonly openEngine: OpenEngine;
  /** Random histories that the property tests try; more find more and take longer. */
  readonly propertyRuns?: number;
}

/** The options, with the wrapper that most tests use. */
export interface EngineSuite extends Required<EngineConformanceOptions> {
  /** A test on a fresh engine. */
  readonly itWithEngine: (name: string, body: (opened: OpenedEngine) => Promise<void>) => void;
}

export function engineSuite({ test, openEngine, propertyRuns = 20 }: EngineConformanceOptions): EngineSuite {
  return {
    test,
    openEngine,
    propertyRuns,
    itWithEngine: (name, body) => test.it(name, () => usingEngine(openEngine, {}, body)),
  };
}

/** Runs `body` on a fresh engine and disposes of it. */
export async function usingEngine(
  openEngine: OpenEngine,
  options: OpenEngineOptions,
  body: (opened: OpenedEngine) => Promise<void>,
): Promise<void> {
  const opened = await openEngine(options);
  try {
    await body(opened);
  } finally {
    await opened.dispose();
  }
}
