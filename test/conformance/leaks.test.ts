import { describeWith } from '../lab/database/describe-with';
import { DatabaseLab } from './database-lab';
import { POSTGRES } from './servers';

describeWith(POSTGRES.find, POSTGRES.name, () => {
  test('a password that reaches the log of the server is found: the search that ends every other test can fail', async () => {
    const sample = await DatabaseLab.start(POSTGRES, { strategy: 'singleUser' });
    const { password } = (await sample.version())!;
    // PostgreSQL logs a statement that fails.
    await expect(sample.run(undefined, `SELECT 'of the user: ${password}' FROM nowhere;`)).rejects.toThrow('nowhere');

    await expect(sample.stop()).rejects.toThrow('passwords leaked');
  });
});
