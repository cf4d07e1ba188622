import { Template } from 'aws-cdk-lib/assertions';
import { DatabaseRotation } from '../../lib';
import { appUser, cluster } from '../../test/lib/databases';
import { atMost, type Measurement } from './measurement';

/** What CloudFormation counts: of each database user that alternates with a clone, and of what they share, with a master who rotates too. */
export async function databaseResources(): Promise<Measurement[]> {
  const [none, one, many] = [resources(0), resources(1), resources(11)];
  const perSecret = (many - one) / 10;
  return [
    atMost(4, 'resources per rotated database secret, with its attachment', perSecret, 'resources'),
    atMost(12, 'resources of its stack besides, without network and database', one - none - perSecret, 'resources'),
  ];
}

function resources(users: number): number {
  const { scope, admin, target } = cluster();
  if (users > 0) admin.addRotation(DatabaseRotation.singleUser(), target);
  const rotation = DatabaseRotation.alternatingUsers({ masterSecret: admin });
  for (let user = 0; user < users; user++) appUser(scope, { id: `User${user}`, target, rotation });
  const all = Object.values<{ Type: string }>(Template.fromStack(scope).toJSON().Resources);
  return all.filter(({ Type }) => !Type.startsWith('AWS::EC2::')).length;
}
