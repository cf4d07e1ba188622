import { Stack } from 'aws-cdk-lib';
import {
  ApiKeyRotation,
  ApiKeySecret,
  ApiKeySecretProps,
  ChosenKeyProps,
  HttpIssuer,
  HttpKeyRotationProps,
  IssuedKeyProps,
  IssuerValue,
  ReplacedKeyProps,
  TwoSlotProps,
} from '../../lib';

const KEYS = 'https://api.acme.com/v1/keys';
const COMMON = {
  issuer: 'Acme',
  hosts: ['api.acme.com'],
  probe: { url: 'https://api.acme.com/v1/me', headers: { Authorization: `Bearer ${IssuerValue.key()}` } },
};

const asAdmin = () => ({ Authorization: `Bearer ${IssuerValue.credential('adminKey')}` });

/** An issuer that lets several keys live, with other settings where they are given. */
export function acmeProps(props: Partial<IssuedKeyProps> = {}): IssuedKeyProps {
  return {
    ...COMMON,
    issue: { url: KEYS, headers: asAdmin(), json: { name: IssuerValue.keyName() }, key: '/key', id: '/id' },
    list: { url: KEYS, headers: asAdmin(), keys: '/keys', id: '/id', name: '/name' },
    revoke: { url: `${KEYS}/${IssuerValue.keyId()}`, headers: asAdmin() },
    ...props,
  };
}

export function acme(props: Partial<IssuedKeyProps> = {}): HttpIssuer {
  return HttpIssuer.issued(acmeProps(props));
}

export function acmeReplacing(props: Partial<ReplacedKeyProps> = {}): HttpIssuer {
  return HttpIssuer.replacedInPlace({
    ...COMMON,
    replace: { url: `${KEYS}/roll`, headers: asAdmin(), key: '/key' },
    ...props,
  });
}

export function acmeTwoSlots(props: Partial<TwoSlotProps> = {}): HttpIssuer {
  return HttpIssuer.twoSlots({
    ...COMMON,
    fill: { url: `${KEYS}/second`, headers: asAdmin(), key: '/key' },
    promote: { url: `${KEYS}/promote`, headers: asAdmin() },
    discard: { url: `${KEYS}/second`, headers: asAdmin() },
    ...props,
  });
}

export function acmeChosen(props: Partial<ChosenKeyProps> = {}): HttpIssuer {
  return HttpIssuer.chosen({
    ...COMMON,
    apply: { url: `${KEYS}/own`, headers: asAdmin(), json: { secret: IssuerValue.newKey() } },
    ...props,
  });
}

/** A secret with an issuer's own credential, and one with a key of it that rotates. */
export function rotatedKey(
  scope: Stack,
  props: { id?: string; secret?: Partial<ApiKeySecretProps>; rotation?: Partial<HttpKeyRotationProps> } = {},
): ApiKeySecret {
  const { id = '', secret, rotation = {} } = props;
  const credential =
    'credential' in rotation ? rotation.credential : new ApiKeySecret(scope, `Admin${id}`, { fields: ['adminKey'] });
  return new ApiKeySecret(scope, `Key${id}`, {
    fields: ['apiKey'],
    ...secret,
    rotation: ApiKeyRotation.http({ issuer: acme(), ...rotation, credential }),
  });
}
