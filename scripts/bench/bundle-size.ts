import { statSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, figure, type Measurement } from './measurement';

/** What Lambda loads at a cold start: the code, without the source map beside it. */
export async function bundleSize(): Promise<Measurement[]> {
  return [
    ...['x-bearer-token', 'api-key', 'iam-access-key', 'google-service-account-key', 'secret-age'].map((bundle) =>
      figure(`bundle of ${bundle}, minified`, kilobytes(bundle), 'KB'),
    ),
    atMost(700, 'bundle of postgres, minified', kilobytes('postgres'), 'KB'),
    figure('bundle of mysql, minified', kilobytes('mysql'), 'KB'),
  ];
}

function kilobytes(bundle: string): number {
  return statSync(join(__dirname, '../../assets', bundle, 'index.js')).size / 1000;
}
