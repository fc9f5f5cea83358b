/** T6 in short. */
import { callErrors } from '../../simulation/programme/t06-call-errors.ts';
import { shortPart } from './short-part.ts';

shortPart(callErrors);
