/** T7 in short. */
import { operations } from '../../simulation/programme/t07-operations.ts';
import { shortPart } from './short-part.ts';

shortPart(operations);
