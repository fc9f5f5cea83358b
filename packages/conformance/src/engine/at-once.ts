/** How many clients act at once. */
export const clients = 100;

/** Starts the action of every client before any has ended, and waits for all. */
export function atOnce<Result>(action: (client: number) => Promise<Result>): Promise<readonly Result[]> {
  return Promise.all(Array.from({ length: clients }, (_, client) => action(client)));
}
