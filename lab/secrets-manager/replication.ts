import { REGIONS } from '../regions';
import { invalidParameter } from './errors';
import { checkText, constraint, required } from './input';
import type { Request } from './request';
import type { Replica, Secret } from './secret';

/** A Region that a secret is to be replicated to. */
export interface WantedReplica {
  readonly region: string;
  /** Nothing for `aws/secretsmanager`. */
  readonly keyId?: string;
}

const REGION = /^([a-z]+-)+\d+$/;

/** AddReplicaRegions of a request, with the checks that come before anything is done; undefined when it was not sent. */
export function readReplicas(request: Request): WantedReplica[] | undefined {
  const list = request.input.structures('AddReplicaRegions', [1, Infinity]);
  return list?.map(({ Region, KmsKeyId }, index) => {
    const path = `addReplicaRegions.${index + 1}.member`;
    const region = checkRegion(required('Region', Region ?? undefined), `${path}.region`);
    if (!REGIONS.includes(region) || region === request.service.store.region) {
      throw invalidParameter('Invalid replica region.');
    }
    if (KmsKeyId === undefined || KmsKeyId === null) return { region };
    if (typeof KmsKeyId !== 'string') throw invalidParameter('The parameter KmsKeyId must be a string.');
    checkText(KmsKeyId, `${path}.kmsKeyId`, [0, 2048]);
    return { region, keyId: KmsKeyId && KmsKeyId !== 'alias/aws/secretsmanager' ? KmsKeyId : undefined };
  });
}

export function checkRegion(region: unknown, path: string): string {
  const text = String(region);
  checkText(text, path, [1, 128]);
  if (REGION.test(text)) return text;
  throw constraint(path, 'Member must satisfy regular expression pattern: ^([a-z]+-)+\\d+$', text);
}

/**
 * Makes the replicas, and returns the Regions in which it tried to. What goes wrong in one is in its status, as at AWS. A Region that has
 * a replica keeps it; one that has failed is tried again.
 */
export function replicate(request: Request, primary: Secret, wanted: readonly WantedReplica[]): string[] {
  const missing = wanted.filter(({ region }) => !primary.replicas.get(region)?.secret);
  for (const each of missing) primary.replicas.set(each.region, makeReplica(request, primary, each));
  return missing.map(({ region }) => region);
}

function makeReplica(request: Request, primary: Secret, wanted: WantedReplica): Replica {
  const { region, keyId } = wanted;
  const store = request.service.storeOf(region);
  const taken = store.find(primary.name);
  const mayOverwrite = request.input.flag('ForceOverwriteReplicaSecret') && !taken?.primary && !taken?.replicas.size;
  if (taken && !mayOverwrite) {
    const why = `Secret name ${primary.name} already exists in region ${region}.`;
    return { ...wanted, message: `Replication failed: ${why}` };
  }
  const replica = store.draftReplica(primary);
  replica.keyId = keyId;
  try {
    request.useKey('kms:GenerateDataKey', keyId, replica);
    request.useKey('kms:Encrypt', keyId, replica);
  } catch (error) {
    return { ...wanted, message: `Replication failed: ${(error as Error).message}` };
  }
  if (taken) store.delete(taken);
  store.add(replica);
  return { ...wanted, message: 'Replication succeeded', secret: replica };
}
