import { METRIC } from '../../lib/rotation/contract';

/**
 * Writes metrics of a secret as CloudWatch's embedded metric format, one JSON object in a line of the log, so that no call and no right is
 * needed for them.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeMetrics(secretId: string, metrics: Readonly<Record<string, number>>): void {
  const Metrics = Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' }));
  const directive = { Namespace: METRIC.NAMESPACE, Dimensions: [[METRIC.SECRET]], Metrics };
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [directive] };
  // Not by `console`: Lambda puts something before its lines, or wraps them, as the function's log format says.
  process.stdout.write(`${JSON.stringify({ _aws, [METRIC.SECRET]: secretId, ...metrics })}\n`);
}
