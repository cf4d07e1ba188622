// The bundles hold code of other projects: their licences go into the package with it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licence of every npm package that esbuild put into a bundle, as one text. `inputs` are the paths of its metafiles. */
export function thirdPartyLicenses(root, inputs) {
  const folders = new Set(
    inputs.map((path) => path.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean),
  );
  const texts = [...folders].map((folder) => licenseOf(join(root, folder)));
  return [...new Set(texts)].sort().join(`\n${'-'.repeat(80)}\n\n`);
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text =
    file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : `Licence: ${license}\n`;
  if (!license) throw new Error(`${name} ${version} names no licence; it cannot be bundled`);
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}
