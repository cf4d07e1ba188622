/** What a function gets for an event. */
export type TargetInput = (event: object) => unknown;

/** The settings of a target that say it. One of them at most. */
export interface TargetInputSettings {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

/**
 * Reads what a target is to get: the event, a constant, a part of the event, or a template with parts of it.
 * @throws for what is no JSON, and for a path that the lab does not know
 */
export function readTargetInput({ Input, InputPath, InputTransformer }: TargetInputSettings): TargetInput {
  if (Input !== undefined) {
    const constant = parse('Input', Input);
    return () => constant;
  }
  if (InputPath !== undefined) return pathTo(InputPath);
  if (InputTransformer === undefined) return (event) => event;
  const { InputTemplate, InputPathsMap = {} } = InputTransformer;
  const paths = Object.entries(InputPathsMap).map(([name, path]) => [name, pathTo(path)] as const);
  const filled = (event: object) => {
    const values = new Map(paths.map(([name, valueOf]) => [name, valueOf(event)]));
    return parse('InputTemplate', fill(InputTemplate, values));
  };
  filled({}); // a template that is no JSON is an error of the deployment
  return filled;
}

/** `<name>` stands for a value: within a text for the text itself, elsewhere for the JSON of it. What has no value is null there. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  return template.replace(/"(?:[^"\\]|\\.)*"|<(\w+)>/g, (piece, name?: string) => {
    if (name !== undefined) return values.has(name) ? JSON.stringify(values.get(name) ?? null) : piece;
    return piece.replace(/<(\w+)>/g, (placeholder, inText: string) => {
      const value = values.get(inText);
      if (!values.has(inText)) return placeholder;
      const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
      return JSON.stringify(text).slice(1, -1);
    });
  });
}

/** Of JSONPath, members by name: `$.detail.id`, and `$` for all of it. */
function pathTo(path: string): TargetInput {
  if (!/^\$(\.[\w-]+)*$/.test(path)) throw new Error(`the lab knows paths such as $.detail.id, not ${path}`);
  const names = path.split('.').slice(1);
  return (event) =>
    names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
}

function parse(setting: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${setting} is not JSON`);
  }
}
