import { readFileSync } from 'node:fs';

const everyMs = 100;

/**
 * Runs `work` and tells the most anonymous memory that the process had meanwhile, in MiB (RssAnon
 * of Linux: files that are mapped or cached do not count).
 */
export async function withAnonymousMemory<Result>(
  processId: number | undefined,
  work: () => Promise<Result>,
): Promise<{ result: Result; anonymousMiBMax: number | undefined }> {
  if (processId === undefined) return { result: await work(), anonymousMiBMax: undefined };
  let most = anonymousMiB(processId);
  const timer = setInterval(() => {
    most = Math.max(most, anonymousMiB(processId));
  }, everyMs);
  try {
    return { result: await work(), anonymousMiBMax: Math.max(most, anonymousMiB(processId)) };
  } finally {
    clearInterval(timer);
  }
}

/** What it has now. */
export function anonymousMiB(processId: number): number {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
