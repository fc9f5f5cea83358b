/** T4 in short. */
import { kills } from '../../simulation/programme/t04-kills.ts';
import { shortPart } from './short-part.ts';

shortPart(kills);
