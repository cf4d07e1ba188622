import { Token } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';
import { attachmentOf } from '../secret/attachment';
import { CLONE_SUFFIX } from './contract';
import { DatabaseEngine, ENGINE_FACTS } from './database-engine';
import { DatabaseStrategy } from './database-strategy';
import { DatabaseTarget, isProxy } from './database-target';

const WITH_PROXY =
  'alternating users cannot be used behind an RDS Proxy: it lets in the user of AWSCURRENT only, so each rotation would ' +
  'lock out those who still use the other one; rotate with dualPassword on MySQL, or with singleUser';

/** Refuses a strategy that the server, or what stands before it, does not go with. */
export function checkStrategy(strategy: DatabaseStrategy, target: DatabaseTarget): void {
  const { engine, _facts } = target;
  if (strategy === DatabaseStrategy.ALTERNATING_USERS && (_facts.proxy ?? isProxy(target))) throw new Error(WITH_PROXY);
  if (strategy !== DatabaseStrategy.DUAL_PASSWORD) return;
  const { title } = ENGINE_FACTS[engine];
  const cure = 'use alternatingUsers, or singleUserByMaster';
  if (engine !== DatabaseEngine.MYSQL)
    throw new Error(`dual passwords need MySQL 8.0.21 or later, got ${title}; ${cure}`);
  const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(_facts.version ?? '') ?? [];
  const tooOld = Number(major) < 8 || (major === '8' && minor === '0' && Number(patch) < 21);
  if (tooOld) throw new Error(`dual passwords need MySQL 8.0.21 or later, got ${_facts.version}; ${cure}`);
}

/** Refuses a user name that the server refuses, or whose clone it would refuse. */
export function checkUsername(strategy: DatabaseStrategy, username: string, engine: DatabaseEngine): void {
  if (Token.isUnresolved(username)) return;
  const { title, longestUsername, lengthOf } = ENGINE_FACTS[engine];
  const alternating = strategy === DatabaseStrategy.ALTERNATING_USERS;
  if (alternating && username.endsWith(CLONE_SUFFIX)) {
    throw new Error(
      `\`username\` must not end in ${CLONE_SUFFIX} with alternating users, got ${username}: it would be taken for the ` +
        'clone of another user',
    );
  }
  const longest = longestUsername - (alternating ? CLONE_SUFFIX.length : 0);
  const { count, unit } = lengthOf(username);
  if (count <= longest) return;
  const why = alternating ? `, which leaves room for ${CLONE_SUFFIX}` : '';
  throw new Error(`\`username\` must have at most ${longest} ${unit} on ${title}${why}, got ${count}`);
}

/** A secret with alternating users, by all its ARNs. */
interface AlternatingSecret {
  readonly path: string;
  readonly arns: string[];
}

const alternating = new WeakMap<IConstruct, AlternatingSecret[]>();

/**
 * Refuses an app in which an RDS Proxy uses this secret. A proxy takes its secrets when it is made, so it is mostly made
 * after them: its root looks when the app is complete, once for all of its secrets.
 */
export function refuseProxiesOf(secret: secretsmanager.ISecret): void {
  const { root } = secret.node;
  const attachment = attachmentOf(secret)?.attachment;
  const known = alternating.get(root) ?? [];
  if (known.length === 0) {
    alternating.set(root, known);
    root.node.addValidation({ validate: () => secretsOfProxies(root, known) });
  }
  known.push({ path: secret.node.path, arns: [secret, attachment].flatMap((one) => one?.secretArn ?? []) });
}

function secretsOfProxies(root: IConstruct, secrets: AlternatingSecret[]): string[] {
  const proxies = root.node.findAll().filter((resource) => resource instanceof rds.CfnDBProxy);
  const used = new Map(proxies.flatMap((proxy) => arnsOf(proxy).map((arn) => [arn, proxy.node.path])));
  return secrets.flatMap(({ path, arns }) =>
    arns.flatMap((arn) => (used.has(arn) ? [`${path}, used by ${used.get(arn)}: ${WITH_PROXY}`] : [])),
  );
}

function arnsOf({ auth }: rds.CfnDBProxy): string[] {
  if (!Array.isArray(auth)) return [];
  return auth.flatMap((entry) => ('secretArn' in entry && entry.secretArn !== undefined ? [entry.secretArn] : []));
}
