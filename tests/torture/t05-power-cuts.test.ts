/** T5 in short. */
import { powerCuts } from '../../simulation/programme/t05-power-cuts.ts';
import { shortPart } from './short-part.ts';

shortPart(powerCuts);
