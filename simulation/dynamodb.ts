/**
 * Runs the DynamoDB engine's algorithm through random schedules in virtual time:
 *
 *     node --conditions=source simulation/dynamodb.ts [first seed] [seeds]
 */
import { runSchedule } from './dynamodb/run-schedule.ts';

const [first = '1', count = '1000'] = process.argv.slice(2);
const total = { schedules: 0, appends: 0, acknowledged: 0, conflicts: 0, unknown: 0, events: 0, mishaps: 0 };
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  try {
    const report = await runSchedule(seed);
    total.schedules++;
    for (const [name, value] of Object.entries(report)) total[name as keyof typeof report] += value;
  } catch (error) {
    console.log(`seed ${seed}: ${error instanceof Error ? error.stack : error}`);
    console.log(`again: node --conditions=source simulation/dynamodb.ts ${seed} 1`);
    process.exitCode = 1;
    break;
  }
}
console.log(JSON.stringify(total));
