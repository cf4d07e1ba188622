import { Mysql } from '../../../../lambda/engine/mysql';
import { ServerVersion } from '../../../../lambda/engine/mysql/server-version';

test.each([
  ['mysql', 32],
  ['aurora-mysql', 32],
  ['mariadb', 80],
])('the names of users of %s have at most %d characters', (kind, most) => {
  const engine = new Mysql();

  expect(engine.kinds).toContain(kind);
  expect(engine.longestUsername(kind)).toEqual({ most, unit: 'characters' });
});

test.each([
  ['9.7.4-2', false, '9.7.4'],
  ['8.0.36', false, '8.0.36'],
  ['5.7.44-log', false, '5.7.44'],
  ['5.5.5-10.11.19-MariaDB-0+deb12u1-log', true, '10.11.19'],
  ['11.8.3-MariaDB-log', true, '11.8.3'],
  ['no number', false, '0'],
])('a server that greets with %s is known', (greeting, isMariaDb, text) => {
  const version = new ServerVersion(greeting);

  expect(version).toMatchObject({ isMariaDb, text });
});

test.each([
  ['8.0.21', true],
  ['8.0.36', true],
  ['8.4.0', true],
  ['9.7.4', true],
  ['8.0.20', false],
  ['5.7.44', false],
])('version %s is at least 8.0.21: %s', (text, is) => {
  expect(new ServerVersion(text).atLeast(8, 0, 21)).toBe(is);
});
