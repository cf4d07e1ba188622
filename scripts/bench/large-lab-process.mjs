// A lab of its own process, from the bundle that users get, with as many secrets as the first argument says. Tells its parent where it
// is, and answers every message with its memory in bytes.
import { createRequire } from 'node:module';

const { Lab } = createRequire(import.meta.url)('../../dist/lab/index.js');
const lab = await Lab.start();
for (let index = 0; index < Number(process.argv[2]); index++) {
  const value = JSON.stringify({
    username: `user-${index}`,
    password: `password of user ${index}`,
    host: 'db.internal',
  });
  const input = { Name: `team/service-${index}/database`, SecretString: value };
  await lab.secretsManager.handle('CreateSecret', input, lab.identities.administrator);
}
process.on('message', () => process.send({ rss: process.memoryUsage.rss() }));
process.send(lab.client());
