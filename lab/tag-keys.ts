/** Tags as conditions ask for them: `aws:PrincipalTag/team`. */
export function tagKeys(
  prefix: 'aws:PrincipalTag' | 'aws:ResourceTag',
  tags: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${prefix}/${name}`, value]));
}
