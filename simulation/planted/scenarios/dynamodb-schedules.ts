/** Random schedules of instances of the DynamoDB engine over one table, in virtual time. */
import { runSchedule } from '../../dynamodb/run-schedule.ts';

export async function run(seed: number): Promise<void> {
  await runSchedule(seed);
}
