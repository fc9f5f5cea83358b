/** Time, by parameter: whatever waits or asks for the time is given one of these. */
export interface Clock {
  /** Milliseconds since 1970, as the machine believes. Information only: nothing depends on it. */
  now(): number;
  /** Milliseconds from an arbitrary start that never jump. For durations. */
  monotonicMs(): number;
  /** Calls `action` once after at least `delayMs`. Does not keep the process alive. */
  after(delayMs: number, action: () => void): Timer;
}

/** A call that is due; cancelled, it never happens. */
export interface Timer {
  cancel(): void;
}
