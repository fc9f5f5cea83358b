/** T3 in its short form. */
import { corruption } from '../../simulation/programme/t03-corruption.ts';
import { shortPart } from './short-part.ts';

shortPart(corruption);
