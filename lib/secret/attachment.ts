import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/** Which secret is attached, and to which database. */
export interface Attachment {
  readonly attachment: secretsmanager.ISecret;
  readonly secret: secretsmanager.ISecret;
  readonly target: secretsmanager.ISecretAttachmentTarget;
}

const attachments = new WeakMap<secretsmanager.ISecret, Attachment>();

/** A database hands the attachment out as its `secret`, so both must be known for the same one. */
export function rememberAttachment(
  attachment: secretsmanager.ISecret,
  secret: secretsmanager.ISecret,
  target: secretsmanager.ISecretAttachmentTarget,
): void {
  const known = { attachment, secret, target };
  attachments.set(secret, known);
  attachments.set(attachment, known);
}

/** By the secret itself or by what `attach` returned for it; undefined when it is not attached, or not ours. */
export function attachmentOf(secret: secretsmanager.ISecret): Attachment | undefined {
  return attachments.get(secret);
}
