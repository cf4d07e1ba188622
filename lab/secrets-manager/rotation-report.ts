/** What Secrets Manager needs of Lambda. */
export interface RotationFunctions {
  /** Whether the function's own policy lets Secrets Manager invoke it on behalf of the secret: `aws:SourceAccount`, `aws:SourceArn`. */
  mayInvoke(functionArn: string, source: { account: string; arn: string }): boolean;
  /** Invokes the function and waits for its end; rejects with the function's error. */
  invoke(functionArn: string, event: object): Promise<void>;
}

/** One call of the rotation function. */
export interface RotationStep {
  /** `createSecret`, `setSecret`, `testSecret` or `finishSecret`. */
  readonly step: string;
  /** By the lab's clock. */
  readonly startedAt: Date;
  /** How long the call took, by the machine's clock. */
  readonly milliseconds: number;
  /** As Lambda reports it. `RotationIncomplete` when finishSecret returned without having moved AWSCURRENT. */
  readonly error?: { readonly type: string; readonly message: string };
}

/** What happened in one rotation, or in the test that RotateImmediately=false makes. */
export interface RotationReport {
  readonly secretArn: string;
  /** The ClientRequestToken: the id of the version that the rotation makes. */
  readonly token: string;
  /** By the lab's clock. */
  readonly startedAt: Date;
  /** `abandoned`: AWSPENDING was taken off the version, or the rotation was cancelled. */
  readonly outcome: 'succeeded' | 'failed' | 'abandoned';
  /** Each starts at createSecret again. The last step of a failed attempt has the error. */
  readonly attempts: readonly { readonly steps: readonly RotationStep[] }[];
}
