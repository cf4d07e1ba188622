import { rotate } from '../../bin/demo/rotation';
import { figure, type Measurement, median } from './measurement';
import { TOKEN, withSample } from './twitter-sample';

const TIMES = 5;

/** The steady path: a token is there already, and is replaced. */
export async function rotation(): Promise<Measurement[]> {
  return await withSample(async (lab, stacks) => {
    const role = stacks
      .flatMap(({ resources }) => resources)
      .find(({ type, path }) => type === 'AWS::IAM::Role' && path.startsWith('TwitterSecrets/'))!.ref;
    await rotate(lab, TOKEN);
    const before = lab.calls.all.length;
    const milliseconds: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      const started = performance.now();
      await rotate(lab, TOKEN);
      milliseconds.push(performance.now() - started);
    }
    const calls = lab.calls.all.slice(before);
    const toService = calls.filter(({ service, caller }) => service === 'secretsmanager' && caller === role);
    const toX = calls.filter(({ service }) => service === 'api.x.com');
    return [
      figure('lab: rotation of an X token', median(milliseconds), 'ms'),
      figure('rotation of an X token: calls of Secrets Manager', toService.length / TIMES, 'calls'),
      figure('rotation of an X token: requests to X', toX.length / TIMES, 'requests'),
    ];
  });
}
