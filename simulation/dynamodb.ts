/**
 * Runs the DynamoDB engine through random schedules in virtual time, or shows that the schedules
 * notice each safety rule that is left out:
 *
 *     node --conditions=source simulation/dynamodb.ts schedules [first seed] [seeds]
 *     node --conditions=source simulation/dynamodb.ts bugs [first seed] [seeds for each]
 */
import { dynamodbBugs } from './dynamodb/planted-bugs.ts';
import { runSchedule } from './dynamodb/run-schedule.ts';
import { runPlantedBug } from './planted/run-planted-bug.ts';

const [what = 'schedules', first = '1', count = '1000'] = process.argv.slice(2);
const firstSeed = Number(first);
const seeds = Number(count);
if (what === 'bugs') await showBugs();
else await showSchedules();

async function showSchedules(): Promise<void> {
  const total = { schedules: 0, appends: 0, acknowledged: 0, conflicts: 0, unknown: 0, events: 0, mishaps: 0 };
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    try {
      const report = await runSchedule(seed);
      total.schedules++;
      for (const [name, value] of Object.entries(report)) total[name as keyof typeof report] += value;
    } catch (error) {
      console.log(`seed ${seed}: ${error instanceof Error ? error.stack : error}`);
      console.log(`again: node --conditions=source simulation/dynamodb.ts schedules ${seed} 1`);
      process.exitCode = 1;
      break;
    }
  }
  console.log(JSON.stringify(total));
}

async function showBugs(): Promise<void> {
  for (const { name, edits, scenario, caughtBy: rule } of dynamodbBugs) {
    const { caught } = await runPlantedBug({ edits, scenario, rule, firstSeed, seeds });
    console.log(caught === undefined ? `NOT CAUGHT  ${name}` : `seed ${caught.seed}  ${name}: ${caught.message}`);
    if (caught === undefined) process.exitCode = 1;
  }
}
