/** Signing in to the platform's user pool. */
import { confirmSignIn, fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';
import type { Group } from './config';

export interface User {
  id: string;
  name: string;
}

/** What the pool wants next: another password after the first sign-in, or the code of an authenticator app. */
export type Step = 'DONE' | 'NEW_PASSWORD' | 'CODE';

/** The signed-in user. Null when nobody is, or somebody of another group. */
export async function currentUser(group: Group): Promise<User | null> {
  const { tokens } = await fetchAuthSession();
  const claims = tokens?.accessToken.payload;
  const groups = (claims?.['cognito:groups'] ?? []) as string[];
  return claims?.sub && groups.includes(group) ? { id: claims.sub, name: String(claims['username'] ?? '') } : null;
}

export async function enter(username: string, password: string): Promise<Step> {
  await signOut(); // somebody of another group, on another page of this host
  const { nextStep } = await signIn({ username, password });
  return next(nextStep.signInStep);
}

/** Gives what `enter` or an earlier call asked for. */
export async function answer(text: string): Promise<Step> {
  const { nextStep } = await confirmSignIn({ challengeResponse: text });
  return next(nextStep.signInStep);
}

export async function leave(): Promise<void> {
  await signOut();
  location.reload();
}

function next(step: string): Step {
  switch (step) {
    case 'DONE':
      return 'DONE';
    case 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED':
      return 'NEW_PASSWORD';
    case 'CONFIRM_SIGN_IN_WITH_TOTP_CODE':
      return 'CODE';
    default:
      throw new Error(`The user pool asks for ${step}, which this page does not know`);
  }
}
