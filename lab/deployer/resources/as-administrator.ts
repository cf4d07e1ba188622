import type { Making } from '../resource-type';

/** Asks Secrets Manager in the name of the account, as CloudFormation does in the name of its role. What is undefined is left out. */
export async function asAdministrator(
  { account }: Making,
  operation: string,
  input: Record<string, unknown>,
): Promise<{ ARN: string }> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  return (await account.secretsManager.handle(operation, given, account.identities.administrator)) as { ARN: string };
}

/** The same for what takes something off a secret: one that is gone, or on its way, has nothing to take off. */
export async function takeBack(making: Making, operation: string, input: Record<string, unknown>): Promise<void> {
  try {
    await asAdministrator(making, operation, input);
  } catch (error) {
    if (!['ResourceNotFoundException', 'InvalidRequestException'].includes((error as Error).name)) throw error;
  }
}
