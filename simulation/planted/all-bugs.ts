/** Every planted bug of the programme; those that a short run takes stand first. */
import { dynamodbBugs } from '../dynamodb/planted-bugs.ts';
import { engineLogAnswerBugs } from './engine-log-answers.ts';
import { engineLogBugs } from './engine-log-bugs.ts';
import { engineLogFileBugs } from './engine-log-files.ts';
import type { PlantedBug } from './planted-bug.ts';
import { serverBugs } from './server-bugs.ts';

export const allBugs: readonly PlantedBug[] = [
  ...engineLogAnswerBugs,
  ...engineLogBugs,
  ...engineLogFileBugs,
  ...serverBugs,
  ...dynamodbBugs,
];
