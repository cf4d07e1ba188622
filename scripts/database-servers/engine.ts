import { MissingServerError } from '../../lab/database/missing-server-error';

/** A kind of database server that tests want. */
export interface Engine {
  readonly name: string;
  /** Whether tests without it prove too little. */
  readonly required: boolean;
  /** @throws MissingServerError */
  find(): { readonly version: string };
  /** Gets it where that can be done without asking; does nothing otherwise. */
  get?(): Promise<void> | void;
}

/**
 * Gets the engine when it is missing.
 * @returns one line: the version that is tested, or why none is
 */
export async function provide(engine: Engine): Promise<{ readonly line: string; readonly missing: boolean }> {
  let missing = missingServer(engine);
  if (missing && engine.get) {
    try {
      await engine.get();
      missing = missingServer(engine);
    } catch (error) {
      missing = `${missing} (tried: ${reason(error as Error)})`;
    }
  }
  if (missing) return { line: `${engine.name}: not tested. ${missing}`, missing: true };
  return { line: `${engine.name} ${engine.find().version}: tested`, missing: false };
}

function missingServer({ find }: Engine): string | undefined {
  try {
    find();
    return undefined;
  } catch (error) {
    if (error instanceof MissingServerError) return error.message;
    throw error;
  }
}

/** What apt says, else the first line of the message. */
function reason({ message }: Error): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => line.startsWith('E:')) ?? lines[0];
}
