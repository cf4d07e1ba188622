import { Lab } from '../../lab';
import { figure, type Measurement, median } from './measurement';
import { withAssembly } from './twitter-sample';

const TIMES = 5;

export async function deployment(): Promise<Measurement[]> {
  const milliseconds = await withAssembly(async (directory) => {
    const taken: number[] = [];
    for (let time = 0; time < TIMES; time++) taken.push(await deployOnce(directory));
    return taken;
  });
  return [figure('lab: deployment of the Twitter sample', median(milliseconds), 'ms')];
}

async function deployOnce(directory: string): Promise<number> {
  const lab = await Lab.start();
  try {
    const started = performance.now();
    await lab.deploy(directory);
    return performance.now() - started;
  } finally {
    await lab.stop();
  }
}
