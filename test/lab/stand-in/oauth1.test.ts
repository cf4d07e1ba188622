import { expectedSignature, oauthParameters, signatureBase } from '../../../lab/stand-in/oauth1';

function request(method: string, url: string, oauth: Record<string, string>, form = '') {
  const fields = Object.entries(oauth).map(([name, value]) => `${name}="${encodeURIComponent(value)}"`);
  return { method, url: new URL(url), authorization: `OAuth ${fields.join(', ')}`, form: new URLSearchParams(form) };
}

test('the signature base is that of RFC 5849, section 3.4.1.1', () => {
  const oauth = {
    realm: 'Example',
    oauth_consumer_key: '9djdj82h48djs9d2',
    oauth_token: 'kkk9d7dh3k39sjv7',
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: '137131201',
    oauth_nonce: '7d8f3e4a',
    oauth_signature: 'djosJKDKJSD8743243/jdk33klY=',
  };

  const base = signatureBase(
    request('POST', 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b', oauth, 'c2&a3=2+q'),
  );

  expect(base).toBe(
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26' +
      'oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26' +
      'oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  );
});

test('the signature is that of RFC 5849, section 1.2', () => {
  const signed = request('GET', 'http://photos.example.net/photos?file=vacation.jpg&size=original', {
    realm: 'Photos',
    oauth_consumer_key: 'dpf43f3p2l4k3l03',
    oauth_token: 'nnch734d00sl2jdk',
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: '137131202',
    oauth_nonce: 'chapoH',
    oauth_signature: 'MdpQcU8iPSUjWoN/UDMsK2sui9I=',
  });

  expect(expectedSignature(signed, 'kd94hf93k423kf44', 'pfkkdhi9sl3r4s00')).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=');
});

/** @see https://developer.x.com/en/docs/authentication/oauth-1-0a/creating-a-signature */
test("the signature is that of X's example", () => {
  const signed = request(
    'POST',
    'https://api.twitter.com/1.1/statuses/update.json?include_entities=true',
    {
      oauth_consumer_key: 'xvz1evFS4wEEPTGEFPHBog',
      oauth_nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '1318622958',
      oauth_token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
      oauth_version: '1.0',
    },
    'status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21',
  );

  const signature = expectedSignature(
    signed,
    'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
    'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
  );

  expect(signature).toBe('hCtSmYh+iHYCEqBWrE7C7hYmtUk=');
});

test('there are no parameters in a header of another kind', () => {
  expect(oauthParameters('Bearer oauth_token="x"')).toEqual({});
});
