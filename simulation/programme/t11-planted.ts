/** T11: bugs planted one by one, each of which must be caught under its name. */
import { allBugs } from '../planted/all-bugs.ts';
import { expectCaught } from '../planted/expect-caught.ts';
import type { PlantedBug } from '../planted/planted-bug.ts';
import type { Part } from './part.ts';

export const planted: Part = {
  id: 'T11',
  name: 'planted',
  title: 'bugs planted in the engines and the server, each caught by the invariant that names it',
  unit: 'bugs',
  counts: { short: 8, full: allBugs.length, goal: allBugs.length },
  needs: [],
  async run({ seed, say }) {
    const bug = allBugs[(seed - 1) % allBugs.length] as PlantedBug;
    const { message } = await expectCaught(bug, 1);
    say(`${bug.name}: ${message}`);
    return { done: 1 };
  },
};
