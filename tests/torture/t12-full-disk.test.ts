/** T12 in short. */
import { fullDisk } from '../../simulation/programme/t12-full-disk.ts';
import { shortPart } from './short-part.ts';

shortPart(fullDisk);
