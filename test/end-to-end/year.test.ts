import { TOKEN, TwitterLab, X_APP } from './twitter-lab';

test('a year of the Twitter sample is twelve rotations, each published, with a consumer that works at its end', async () => {
  const sample = await TwitterLab.start();
  try {
    await sample.putConsumerKeys();
    await sample.lab.rotate(TOKEN);
    const began = performance.now();

    const rotations = await sample.lab.advance({ days: 365 });

    console.log(`a year of rotations took ${((performance.now() - began) / 1000).toFixed(1)} s`);
    expect(rotations.map(({ outcome, attempts }) => [outcome, attempts.length])).toEqual(
      Array(12).fill(['succeeded', 1]),
    );
    const published = sample.lab.events.named('Secret Label Updated').map(({ detail }) => detail.versionId);
    expect(published.slice(-12)).toEqual(rotations.map(({ token }) => token));
    expect(await sample.currentToken()).toBe(sample.x.liveToken(X_APP.consumerKey));
    await expect(sample.lab.invoke(sample.consumer)).resolves.toMatchObject({ status: 200 });
  } finally {
    await sample.stop();
  }
});
