/** A request that the API did not carry out, and what an answer of Amplify's says about it. */

/** What the API says to a refused request, and `NoAnswer` when it said nothing. */
export class Refused extends Error {
  /** `again`: nothing was decided, and the very same request may be made again. */
  constructor(
    readonly kind: string,
    message: string,
    readonly again = kind === 'NoAnswer',
  ) {
    super(message);
  }

  get unheard(): boolean {
    return this.kind === 'NoAnswer';
  }
}

interface GraphQLProblem {
  errors?: { errorType?: string; errorInfo?: { again?: boolean } | null; message?: string }[];
  name?: string;
  message?: string;
}

export function refusal(problem: unknown): Refused {
  const { errors, name, message } = problem as GraphQLProblem;
  const first = errors?.[0];
  if (first?.errorType) {
    return new Refused(first.errorType, first.message ?? '', first.errorInfo?.again === true);
  }
  if (name === 'NotAuthorizedException' || name === 'UserUnAuthenticatedException') {
    return new Refused('Unauthorized', message ?? '');
  }
  return new Refused('NoAnswer', first?.message ?? message ?? '');
}
