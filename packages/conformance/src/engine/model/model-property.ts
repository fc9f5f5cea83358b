/** Any history of commands gives the answers that the memory engine gives. */
import fc from 'fast-check';
import { type EngineSuite, usingEngine } from '../engine-suite.ts';
import { commands } from './commands.ts';
import { PairedStores } from './paired-stores.ts';

export function testModel({ test, openEngine, propertyRuns }: EngineSuite): void {
  test.it('any history gives the same answers', async () => {
    await fc.assert(
      fc.asyncProperty(commands, (history) =>
        usingEngine(openEngine, {}, async (opened) => {
          const stores = new PairedStores(opened);
          for (const command of history) await stores.run(command);
          await stores.compareAll();
        }),
      ),
      { numRuns: propertyRuns },
    );
  });
}
