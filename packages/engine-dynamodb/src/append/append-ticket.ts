import { type AppendResult, type Clock, EventStoreError } from '@event-store/core';

/**
 * How long the caller of an append waits. When the time is over, an append of which nothing was
 * sent is called off; for one that was sent, only the answer is given up.
 */
export class AppendTicket {
  #sent = false;
  #expired = false;

  /** Whether nobody waits any more: nothing new may be tried. */
  get isExpired(): boolean {
    return this.#expired;
  }

  /** From now on the append may be stored, whatever is heard. */
  noteSent(): void {
    this.#sent = true;
  }

  /** Everything that was sent is known not to be stored. */
  noteNotStored(): void {
    this.#sent = false;
  }

  /** @throws EventStoreError `outcome-unknown` or `overloaded` when `work` takes too long. */
  async waitFor(work: Promise<AppendResult>, { clock, waitMsMax }: { clock: Clock; waitMsMax: number }) {
    const { promise, reject, resolve } = Promise.withResolvers<AppendResult>();
    const timer = clock.after(waitMsMax, () => {
      this.#expired = true;
      reject(this.expiry());
    });
    work.then(resolve, reject);
    try {
      return await promise;
    } finally {
      timer.cancel();
    }
  }

  /** What the caller is told who waited too long. */
  expiry(): EventStoreError {
    if (!this.#sent) {
      const details = { retryAfterSeconds: 1 };
      return new EventStoreError('overloaded', 'DynamoDB takes no writes now. Try again later.', { details });
    }
    return new EventStoreError(
      'outcome-unknown',
      'DynamoDB has not said whether the append was stored. The same append again is safe if it has ids or a version.',
    );
  }
}
