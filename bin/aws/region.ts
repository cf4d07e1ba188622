/** The errors of a rotation name a secret by its ARN, and whoever reads them may be at home in another Region. */
export function regionOf(secretId: string): string | undefined {
  return /^arn:[^:]*:secretsmanager:([^:]+):/.exec(secretId)?.[1];
}
