/** The half of T9 that is about files, in its short form. */
import { logFiles } from '../../simulation/programme/t09-log-files.ts';
import { shortPart } from './short-part.ts';

shortPart(logFiles);
