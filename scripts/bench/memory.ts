import { LargeLab, SECRETS } from './large-lab';
import { atMost, type Measurement } from './measurement';

export async function memory(): Promise<Measurement[]> {
  const lab = await LargeLab.start();
  const megabytes = await lab.memory();
  lab.stop();
  return [atMost(150, `lab: memory with ${SECRETS} secrets`, megabytes, 'MB')];
}
