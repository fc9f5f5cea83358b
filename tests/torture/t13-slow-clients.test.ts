/** T13 in short. */
import { slowClients } from '../../simulation/programme/t13-slow-clients.ts';
import { shortPart } from './short-part.ts';

shortPart(slowClients);
