import { createHmac } from 'node:crypto';
import { oauth1Header, oauth1Signature, percentEncode } from '../../../lambda/provider/oauth1';

describe('oauth1Signature', () => {
  test('signs the example of RFC 5849, section 1.2', () => {
    const parameters = {
      file: 'vacation.jpg',
      size: 'original',
      oauth_consumer_key: 'dpf43f3p2l4k3l03',
      oauth_token: 'nnch734d00sl2jdk',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '137131202',
      oauth_nonce: 'chapoH',
    };

    const signature = oauth1Signature(
      'GET',
      'http://photos.example.net/photos',
      parameters,
      'kd94hf93k423kf44',
      'pfkkdhi9sl3r4s00',
    );

    expect(signature).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=');
  });

  // https://developer.x.com/en/docs/authentication/oauth-1-0a/creating-a-signature
  test('signs the example of X', () => {
    const parameters = {
      status: 'Hello Ladies + Gentlemen, a signed OAuth request!',
      include_entities: 'true',
      oauth_consumer_key: 'xvz1evFS4wEEPTGEFPHBog',
      oauth_nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '1318622958',
      oauth_token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
      oauth_version: '1.0',
    };

    const signature = oauth1Signature(
      'POST',
      'https://api.twitter.com/1.1/statuses/update.json',
      parameters,
      'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
      'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
    );

    expect(signature).toBe('hCtSmYh+iHYCEqBWrE7C7hYmtUk=');
  });

  test('sorts parameters by name, also when one name begins with another', () => {
    const signature = oauth1Signature('GET', 'http://h/', { a1: 'y', a: 'x' }, 'c', 't');

    const base = 'GET&http%3A%2F%2Fh%2F&a%3Dx%26a1%3Dy';
    expect(signature).toBe(createHmac('sha1', 'c&t').update(base).digest('base64'));
  });
});

describe('oauth1Header', () => {
  const keys = { consumerKey: 'ck', consumerSecret: 'cs+/', accessToken: '1-at', accessTokenSecret: 'as=' };

  test('carries a signature over the parameters of query and header', () => {
    const header = oauth1Header('POST', 'https://api.x.com/oauth2/invalidate_token', { access_token: 'A/A=' }, keys);

    const fields = Object.fromEntries(
      [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, n, v]) => [n, decodeURIComponent(v)]),
    );
    const { oauth_signature: signature, ...oauth } = fields;
    const signed = { ...oauth, access_token: 'A/A=' };
    expect(oauth).toMatchObject({
      oauth_consumer_key: 'ck',
      oauth_token: '1-at',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_version: '1.0',
    });
    expect(signature).toBe(oauth1Signature('POST', 'https://api.x.com/oauth2/invalidate_token', signed, 'cs+/', 'as='));
  });

  test('never uses a nonce twice', () => {
    const nonces = [1, 2].map(() => /oauth_nonce="([^"]+)"/.exec(oauth1Header('GET', 'https://h/', {}, keys))![1]);

    expect(nonces[0]).not.toBe(nonces[1]);
  });
});

test('percentEncode leaves only letters, digits and -._~ as they are', () => {
  expect(percentEncode("aZ09-._~!'()*+ /=ö")).toBe('aZ09-._~%21%27%28%29%2A%2B%20%2F%3D%C3%B6');
});
