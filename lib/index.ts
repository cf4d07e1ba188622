/**
 * Constructs that store, encrypt, restrict and rotate secrets of AWS Secrets Manager.
 *
 * Start with an `ApiKeySecret` or a `DatabaseSecret`; what they are made of can be used apart:
 *
 * - secrets: `ManagedSecret`, any secret under a key of its own; `ApiKeySecret`, named JSON fields that may rotate;
 *   `DatabaseSecret`, a user of a database
 * - keys: `SecretKey`, usable through Secrets Manager only
 * - rotation: `ApiKeyRotation`, who issues; `DatabaseRotation`, who changes the password, and `DatabaseTarget`, where;
 *   `RotationSchedule`, when; `RotationFunction` with `RotationCode`, what runs
 */
export { SecretKey, SecretKeyProps } from './secret/secret-key';
export {
  ManagedSecret,
  ManagedSecretOptions,
  ManagedSecretProps,
  ImportedSecretOptions,
} from './secret/managed-secret';
export { ApiKeySecret, ApiKeySecretProps } from './secret/api-key-secret';
export { DatabaseSecret, DatabaseSecretProps } from './secret/database-secret';
export { ApiKeyRotation } from './rotation/api-key-rotation';
export { ApiKeyRotationOptions, ApiKeyScheduleOptions } from './rotation/api-key-rotation-options';
export { CustomRotationProps } from './rotation/custom-rotation';
export { GoogleServiceAccountKeyRotationProps } from './rotation/google-service-account-key-rotation';
export { HandSetKeyProps } from './rotation/hand-set-key';
export { HttpKeyRotationProps } from './rotation/http-rotation';
export { IamAccessKeyRotationProps } from './rotation/iam-access-key-rotation';
export { XBearerTokenRotationProps } from './rotation/x-bearer-token-rotation';
export { DatabaseRotation, DatabaseRotationOptions, MasterRotationOptions } from './rotation/database-rotation';
export { DatabaseTarget, DatabaseTargetOptions, DatabaseEndpointProps } from './rotation/database-target';
export { DatabaseEngine } from './rotation/database-engine';
export { DatabaseStrategy } from './rotation/database-strategy';
export { PasswordPolicy } from './rotation/password-policy';
export { RotationSchedule, RotationWindowOptions, RotationCronOptions } from './rotation/rotation-schedule';
export { RotationPlacement } from './rotation/rotation-placement';
export { RotationFunction, RotationFunctionOptions, RotationFunctionProps } from './rotation/rotation-function';
export {
  RotationCode,
  ApiKeyCodeOptions,
  HttpKeyCodeOptions,
  IamAccessKeyCodeOptions,
  GoogleServiceAccountKeyCodeOptions,
  DatabaseLoginOptions,
  DatabaseUsersCodeOptions,
  XBearerTokenCodeOptions,
  XInvalidation,
} from './rotation/rotation-code';
export {
  BusyAnswers,
  ChosenKeyProps,
  HttpIssuer,
  HttpIssuerProps,
  IssuedKeyProps,
  ReplacedKeyProps,
  TwoSlotProps,
} from './issuer/http-issuer';
export {
  AnswerRule,
  HttpMethod,
  IssueRequest,
  IssuerRequest,
  ListRequest,
  ProbeRequest,
  RevokeRequest,
  SignInRequest,
} from './issuer/issuer-requests';
export { IssuerValue, TimeFormat } from './issuer/issuer-value';
export { KeyListPaging } from './issuer/key-list-paging';
export { Auth0, Auth0ClientSecretProps } from './issuer/auth0';
export { Cloudflare, CloudflareTokenProps } from './issuer/cloudflare';
export { Datadog, DatadogApiKeyProps, DatadogSite } from './issuer/datadog';
export { Entra, EntraClientSecretProps, EntraCloud } from './issuer/entra';
export {
  GitLab,
  GitLabRotatedInPlaceProps,
  GitLabServiceAccountTokenProps,
  GitLabTokenOptions,
  GitLabUserTokenProps,
} from './issuer/git-lab';
export { NewRelic, NewRelicLicenseKeyProps, NewRelicRegion, NewRelicUserKeyProps } from './issuer/new-relic';
export { Okta, OktaClientSecretProps } from './issuer/okta';
export { OpenAI } from './issuer/open-ai';
export { SendGrid, SendGridApiKeyProps, SendGridRegion } from './issuer/send-grid';
