/** What a page says of a request that was not carried out: the platform's own words, or that it did not answer. */
import { sayValue } from './messages';
import { Refused } from './refused';

export function sayProblem(problem: unknown): string {
  return problem instanceof Refused && !problem.unheard ? problem.message : sayValue('refusal', 'NoAnswer');
}
