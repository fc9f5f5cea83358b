/** T1 in its short form. */
import { crashes } from '../../simulation/programme/t01-crashes.ts';
import { shortPart } from './short-part.ts';

shortPart(crashes);
