import { Duration, Token, Tokenization } from 'aws-cdk-lib';
import { checkInterval, checkWindow, longestWindow, wholeHours } from './schedule-rules';

/** The window in which a rotation may start. */
export interface RotationWindowOptions {
  /**
   * How long a rotation window stays open: whole hours from 1 to 24, not past midnight UTC, and not longer than the
   * time between two rotations.
   *
   * @default - one hour for a schedule in hours, until midnight UTC for a schedule in days
   */
  readonly window?: Duration;
}

/** The hours and days at which a rotation window opens, in UTC. */
export interface RotationCronOptions extends RotationWindowOptions {
  /**
   * An hour from 0 to 23, or `start/step` with a step of at least 4, such as `4/12` for 4:00 and 16:00.
   *
   * @default '0'
   */
  readonly hour?: string;

  /**
   * Days of the month, such as `1,15`, or `L` for the last. Excludes `weekDay`.
   *
   * @default - every day, or those that `weekDay` names
   */
  readonly day?: string;

  /**
   * Months, such as `JAN,JUL`, or `1/3` for every third.
   *
   * @default - every month
   */
  readonly month?: string;

  /**
   * Days of the week, such as `MON-FRI`, or `SUN#1` for the first Sunday of a month. Excludes `day`.
   *
   * @default - every day, or those that `day` names
   */
  readonly weekDay?: string;
}

/**
 * When Secrets Manager rotates a secret: at some moment of a window that opens by this schedule.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export class RotationSchedule {
  /**
   * Again and again after an interval.
   *
   * Secrets Manager opens the window at midnight UTC when the interval is a number of whole days.
   *
   * @param interval whole hours or whole days, from 4 hours to 1000 days
   */
  public static rate(interval: Duration, options: RotationWindowOptions = {}): RotationSchedule {
    if (interval.isUnresolved()) return new RotationSchedule(`rate(${interval.formatTokenToNumber()})`, options.window);
    const hours = wholeHours('interval', interval);
    checkInterval(hours);
    const [count, unit] = hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour'];
    return RotationSchedule.expression(`rate(${count} ${unit}${count === 1 ? '' : 's'})`, options);
  }

  /** At hours of days that are named. */
  public static cron(options: RotationCronOptions): RotationSchedule {
    if (options.day !== undefined && options.weekDay !== undefined) {
      throw new Error(`\`day\` and \`weekDay\` exclude each other, got ${options.day} and ${options.weekDay}`);
    }
    const day = options.weekDay === undefined ? (options.day ?? '*') : '?';
    const fields = ['0', options.hour ?? '0', day, options.month ?? '*', options.weekDay ?? '?', '*'];
    return RotationSchedule.expression(`cron(${fields.join(' ')})`, options);
  }

  /**
   * A schedule as Secrets Manager writes it.
   *
   * @param expression such as `rate(10 days)` or `cron(0 4 ? * SUN#1 *)`; in a cron expression minutes are 0 and year
   * is `*`
   */
  public static expression(expression: string, options: RotationWindowOptions = {}): RotationSchedule {
    return new RotationSchedule(expression, options.window);
  }

  /** Only when somebody asks for it: the operation RotateSecret, or the button of the console. */
  public static manual(): RotationSchedule {
    return new RotationSchedule();
  }

  /** The schedule as Secrets Manager writes it; undefined when rotation is manual. */
  public readonly scheduleExpression?: string;

  /** How long the window stays open, such as `4h`; undefined when that is left to Secrets Manager. */
  public readonly windowDuration?: string;

  private constructor(expression?: string, window?: Duration) {
    this.scheduleExpression = expression;
    this.windowDuration = window && hoursOf(window);
    if (expression === undefined || Token.isUnresolved(expression)) return;
    const longest = longestWindow(expression);
    if (window && !window.isUnresolved() && window.toHours() > longest) {
      const got = window.toHumanString();
      throw new Error(
        `\`window\` must be at most ${longest} ${longest === 1 ? 'hour' : 'hours'} with ${expression}, got ${got}`,
      );
    }
  }
}

function hoursOf(window: Duration): string {
  if (window.isUnresolved()) return `${Tokenization.stringifyNumber(window.toHours())}h`;
  checkWindow(window);
  return `${window.toHours()}h`;
}
