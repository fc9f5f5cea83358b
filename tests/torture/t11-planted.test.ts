/** T11 in its short form: the first bugs of the list. */
import { planted } from '../../simulation/programme/t11-planted.ts';
import { shortPart } from './short-part.ts';

shortPart(planted);
