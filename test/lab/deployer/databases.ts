/** An instance of its own, for templates. */
export function instance(properties: object = {}) {
  return {
    Type: 'AWS::RDS::DBInstance',
    Properties: {
      Engine: 'postgres',
      DBInstanceIdentifier: 'Orders',
      DBName: 'app',
      MasterUsername: 'boss',
      MasterUserPassword: 'first-password',
      ...properties,
    },
  };
}

/** A cluster of Aurora and its instances, by logical id. */
export function cluster(properties: object = {}, instances = ['Writer']) {
  const Instance = (logicalId: string) => ({
    Type: 'AWS::RDS::DBInstance',
    Properties: {
      Engine: 'aurora-postgresql',
      DBClusterIdentifier: { Ref: 'Cluster' },
      DBInstanceIdentifier: logicalId,
    },
  });
  return {
    Cluster: {
      Type: 'AWS::RDS::DBCluster',
      Properties: {
        Engine: 'aurora-postgresql',
        DBClusterIdentifier: 'Orders',
        DatabaseName: 'app',
        MasterUsername: 'boss',
        MasterUserPassword: 'first-password',
        ...properties,
      },
    },
    ...Object.fromEntries(instances.map((logicalId) => [logicalId, Instance(logicalId)])),
  };
}
