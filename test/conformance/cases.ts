import { describeWith } from '../lab/database/describe-with';
import type { Strategy } from './database-lab';
import { MARIADB, MYSQL, POSTGRES, type ServerKind } from './servers';

/** A way of rotating the users of one kind of server, and what is promised of it. */
export interface Case {
  readonly server: string;
  readonly strategy: Strategy;
  readonly kind: ServerKind;
  /** Calls of Secrets Manager in a rotation that nothing disturbs. */
  readonly calls: number;
  /** Logins to the database in such a rotation. */
  readonly connections: number;
  /** Whether AWSCURRENT logs in at every moment; otherwise some stored version does. */
  readonly currentAlwaysWorks: boolean;
}

const strategies = [
  { strategy: 'singleUser', calls: 8, connections: 2, currentAlwaysWorks: false },
  { strategy: 'singleUserByMaster', calls: 9, connections: 2, currentAlwaysWorks: false },
  { strategy: 'alternatingUsers', calls: 9, connections: 3, currentAlwaysWorks: true },
] as const;
const dualPassword = { strategy: 'dualPassword', calls: 9, connections: 2, currentAlwaysWorks: true } as const;

const of = (kind: ServerKind, ways: readonly Omit<Case, 'server' | 'kind'>[]): Case[] =>
  ways.map((way) => ({ server: kind.name, kind, ...way }));

/** Every kind of server with every strategy that it can do. */
export const CASES: readonly Case[] = [
  ...of(POSTGRES, strategies),
  ...of(MARIADB, strategies),
  ...of(MYSQL, [...strategies, dualPassword]),
];

/** Tests of every case. @param findMore throws MissingServerError when a server comes without what they need. Those of a server that this machine lacks are skipped, under a name that says how to get it. */
export function describeCases(tests: (each: Case) => void, findMore: (kind: ServerKind) => void = () => {}): void {
  for (const each of CASES) {
    const find = () => {
      each.kind.find();
      findMore(each.kind);
    };
    describeWith(find, `${each.server}, ${each.strategy}`, () => tests(each));
  }
}
