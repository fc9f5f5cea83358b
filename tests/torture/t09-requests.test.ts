/** T9 in short, the half of the requests. */
import { requests } from '../../simulation/programme/t09-requests.ts';
import { shortPart } from './short-part.ts';

shortPart(requests);
