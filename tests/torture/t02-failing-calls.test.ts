/** T2 in its short form: the whole known life, and some random ones. */
import { failingCalls } from '../../simulation/programme/t02-failing-calls.ts';
import { shortPart } from './short-part.ts';

shortPart(failingCalls);
