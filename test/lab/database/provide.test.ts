import { MissingServerError } from '../../../lab/database/missing-server-error';
import { provide } from '../../../scripts/database-servers/engine';

const missing = () => {
  throw new MissingServerError('MySQL', 'install it');
};

test('a server that is there is told with its version, and nothing is fetched', async () => {
  const get = jest.fn();

  const { line, missing } = await provide({ name: 'MySQL', required: false, find: () => ({ version: '9.7.4' }), get });

  expect({ line, missing }).toEqual({ line: 'MySQL 9.7.4: tested', missing: false });
  expect(get).not.toHaveBeenCalled();
});

test('a server that was got is told like one that was there', async () => {
  let find: () => { version: string } = missing;
  const get = () => {
    find = () => ({ version: '9.7.4' });
  };

  const provided = await provide({ name: 'MySQL', required: false, find: () => find(), get });

  expect(provided).toEqual({ line: 'MySQL 9.7.4: tested', missing: false });
});

test('a server that is missing is told with how to get it', async () => {
  const provided = await provide({ name: 'MySQL', required: false, find: missing });

  expect(provided).toEqual({
    line: 'MySQL: not tested. MySQL is not on this machine: install it',
    missing: true,
  });
});

test('why a server could not be got is told in the same line', async () => {
  const get = () => {
    throw new Error('Command failed: apt-get update\nW: old\nE: Failed to fetch the list\nE: Some files failed\n');
  };

  const { line } = await provide({ name: 'MySQL', required: false, find: missing, get });

  expect(line).toBe('MySQL: not tested. MySQL is not on this machine: install it (tried: E: Failed to fetch the list)');
});

test('another failure than a missing server is not taken for one', async () => {
  const find = () => {
    throw new TypeError('a mistake');
  };

  await expect(provide({ name: 'MySQL', required: false, find })).rejects.toThrow('a mistake');
});
