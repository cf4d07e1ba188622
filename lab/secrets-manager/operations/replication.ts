import { invalidParameter } from '../errors';
import { required } from '../input';
import { checkRegion, readReplicas, replicate } from '../replication';
import type { Operation } from '../request';
import { replicationStatus } from './replication-status';

/** Makes replicas, which follow the secret in everything but their key, in other Regions. */
export const replicateSecretToRegions: Operation = {
  parameters: ['SecretId', 'AddReplicaRegions', 'ForceOverwriteReplicaSecret'],
  run(request) {
    request.input.flag('ForceOverwriteReplicaSecret');
    const wanted = required('AddReplicaRegions', readReplicas(request));
    const secret = request.changeableSecret();
    request.useKey('kms:Decrypt', secret.keyId, secret);

    const begun = replicate(request, secret, wanted);
    return { ARN: secret.arn, ReplicationStatus: replicationStatus(secret, begun) };
  },
};

/** Deletes the replicas in these Regions. One where none is, is no error. */
export const removeRegionsFromReplication: Operation = {
  parameters: ['SecretId', 'RemoveReplicaRegions'],
  run(request) {
    const { input, service } = request;
    const regions = required('RemoveReplicaRegions', input.texts('RemoveReplicaRegions', [1, Infinity], [1, 128]));
    regions.forEach((region, index) => checkRegion(region, `removeReplicaRegions.${index + 1}.member`));
    const secret = request.changeableSecret();

    for (const region of regions) {
      const replica = secret.replicas.get(region)?.secret;
      if (replica) service.storeOf(region).delete(replica);
      secret.replicas.delete(region);
    }
    return { ARN: secret.arn, ReplicationStatus: replicationStatus(secret) ?? [] };
  },
};

/** Asked in the Region of the replica: it stays, as a secret of its own. */
export const stopReplicationToReplica: Operation = {
  parameters: ['SecretId'],
  run(request) {
    const secret = request.usableSecret();
    if (!secret.primary) {
      throw invalidParameter(`${secret.name} is not a replica. The call must be made in the Region of the replica.`);
    }

    secret.standAlone();
    return { ARN: secret.arn };
  },
};
