import { statSync } from 'node:fs';
import { join } from 'node:path';
import { figure, type Measurement } from './measurement';

/** What Lambda loads at a cold start: the code, without the source map beside it. */
export async function bundleSize(): Promise<Measurement[]> {
  const { size } = statSync(join(__dirname, '../../assets/x-bearer-token/index.js'));
  return [figure('bundle of x-bearer-token, minified', size / 1000, 'KB')];
}
