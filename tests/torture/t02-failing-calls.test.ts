/** T2 in its short form: calls all over the known life, and some random lives. */
import { failingCalls } from '../../simulation/programme/t02-failing-calls.ts';
import { shortPart } from './short-part.ts';

shortPart(failingCalls);
