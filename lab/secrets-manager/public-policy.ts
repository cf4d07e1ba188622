import type { PolicyDocument, Statement } from '../../policy';

/** Condition keys that tell one account, organization, network or resource from all others. */
const NARROWING = [
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:SourceOrgID',
  'aws:SourceOrgPaths',
  'aws:SourceOwner',
  'aws:SourceVpc',
  'aws:SourceVpcArn',
  'aws:SourceVpce',
  'aws:VpceAccount',
  'aws:VpceOrgID',
  'aws:VpceOrgPaths',
  'aws:userid',
].map((key) => key.toLowerCase());

/** Of these, a key that the request lacks is a no. With IfExists, ForAllValues and negations it is a yes. */
const NARROWS = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/;

const OPEN = /[*?]|\$\{/;

/**
 * Whether a policy grants broad access: it allows everybody, with no condition that narrows this to fixed principals, accounts,
 * organizations, networks or resources. AWS proves the same by automated reasoning, and sees more: a Deny that takes back what an Allow
 * gives away counts there, not here.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html the meaning of "public"
 */
export function isPublic(document: PolicyDocument): boolean {
  return [document.Statement].flat().some((statement) => {
    return statement.Effect === 'Allow' && allowsEverybody(statement) && !isNarrowed(statement);
  });
}

function allowsEverybody({ Principal = {} }: Statement): boolean {
  const named = typeof Principal === 'string' ? Principal : Object.values(Principal).flat();
  return [named].flat().some((name) => name.includes('*'));
}

function isNarrowed({ Condition = {} }: Statement): boolean {
  return Object.entries(Condition)
    .filter(([operator]) => NARROWS.test(operator))
    .flatMap(([, keys]) => Object.entries(keys))
    .some(([key, values]) => NARROWING.includes(key.toLowerCase()) && [values].flat().every((value) => isFixed(value)));
}

/** Without wildcards and variables; behind the account of an ARN, and behind the first `/` or `:` of another value, they do no harm. */
function isFixed(value: unknown): boolean {
  const text = String(value);
  if (!OPEN.test(text)) return text !== '';
  const decisive = text.startsWith('arn:') ? text.split(':')[4] : text.split(/[/:]/)[0];
  return Boolean(decisive) && !OPEN.test(decisive);
}
