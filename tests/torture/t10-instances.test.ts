/** T10 in short. */
import { instances } from '../../simulation/programme/t10-instances.ts';
import { shortPart } from './short-part.ts';

shortPart(instances);
