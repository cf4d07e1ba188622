const CURRENT = 'AWSCURRENT';

/**
 * Conditions that let GetSecretValue read these stages only.
 *
 * Most callers send no stage and mean AWSCURRENT; the condition key is absent then, and a plain StringEquals would
 * refuse them. But a caller who sends a version id sends no stage either, and could read any version: so the id must be
 * absent.
 */
export function stagesOnly(stages: string[] = [CURRENT]): Record<string, Record<string, string | string[]>> {
  if (stages.length === 0) throw new Error('`versionStages` must name at least one staging label, got none');
  const operator = stages.includes(CURRENT) ? 'StringEqualsIfExists' : 'StringEquals';
  return {
    [operator]: { 'secretsmanager:VersionStage': stages },
    Null: { 'secretsmanager:VersionId': 'true' },
  };
}
