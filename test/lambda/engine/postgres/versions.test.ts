import { UnsupportedServerError } from '../../../../lambda/engine/errors';
import { refuseUnfit } from '../../../../lambda/engine/postgres/versions';

test.each([120022, 130018, 140015, 150010, 160006, 170002, 180000, 190001])('version %i has clones', (version) => {
  expect(() => refuseUnfit(version)).not.toThrow();
});

test.each([
  // These ignore the role that a user is to take at login.
  [120021, '12.21', '12.22'],
  [130017, '13.17', '13.18'],
  [140014, '14.14', '14.15'],
  [150009, '15.9', '15.10'],
  [160005, '16.5', '16.6'],
  [170001, '17.1', '17.2'],
  // These drop it when a pool resets the session.
  [170000, '17.0', '17.2'],
  [160004, '16.4', '16.6'],
  [110022, '11.22', '12.22'],
])('version %i has none: the message names the first that has', (version, name, first) => {
  const refuse = () => refuseUnfit(version);

  expect(refuse).toThrow(UnsupportedServerError);
  expect(refuse).toThrow(`alternating users need PostgreSQL ${first} or later, and this is ${name}`);
});
