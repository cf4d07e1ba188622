import { databaseLines } from '../../../bin/lab/databases';

test('a database is told with where it is, and what for', () => {
  const host = 'orders.cluster-cabc.us-east-1.rds.amazonaws.com';
  const database = { identifier: 'orders', engine: 'aurora-mysql', host, port: 3306, loopbackPort: 40000 };

  expect(databaseLines([{ ...database, logicalId: 'Cluster' }])).toEqual([
    'database  orders  aurora-mysql  127.0.0.1:40000  plays orders.cluster-cabc.us-east-1.rds.amazonaws.com:3306',
  ]);
});

test('a lab without databases tells nothing of them', () => {
  expect(databaseLines([])).toEqual([]);
});
