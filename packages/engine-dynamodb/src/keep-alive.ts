import { MessageChannel } from 'node:worker_threads';

/** Keeps the process from ending before this is done: a clock's timers do not, and between requests nothing else does. */
export async function keepAlive(work: Promise<void>): Promise<void> {
  const { port1 } = new MessageChannel();
  port1.ref();
  try {
    await work;
  } finally {
    port1.close();
  }
}
