/** The part of a test runner that the suites use; `node:test` and its siblings fit as they are. */
export interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void> | void): void;
}
