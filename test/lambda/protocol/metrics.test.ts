import { writeMetrics } from '../../../lambda/protocol/metrics';

const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:my-secret-AbCdEf';

afterEach(() => jest.restoreAllMocks());

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
test('metrics are one line of JSON, with nothing before it, in which CloudWatch finds names, values and dimension', () => {
  const written: string[] = [];
  jest.spyOn(Date, 'now').mockReturnValue(1_795_500_000_000);
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);

  writeMetrics(SECRET, { UnrevokedKeys: 0, LiveKeys: 2 });

  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^\{[^\n]*\}\n$/);
  expect(JSON.parse(written[0])).toEqual({
    _aws: {
      Timestamp: 1_795_500_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Keyturn',
          Dimensions: [['Secret']],
          Metrics: [
            { Name: 'UnrevokedKeys', Unit: 'Count' },
            { Name: 'LiveKeys', Unit: 'Count' },
          ],
        },
      ],
    },
    Secret: SECRET,
    UnrevokedKeys: 0,
    LiveKeys: 2,
  });
});
