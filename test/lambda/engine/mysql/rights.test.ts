import { compare, granting, nameOf, parseGrants, Right, revoking } from '../../../../lambda/engine/mysql/rights';

const of = (...lines: string[]) => parseGrants(lines, 'app', '%');
const names = (rights: readonly Right[]) => rights.map(nameOf);

describe('parseGrants', () => {
  test.each<[string, string, string[]]>([
    ['no right at all', 'GRANT USAGE ON *.* TO `app`@`%`', []],
    [
      'rights with their option',
      'GRANT SELECT, CREATE USER ON *.* TO `app`@`%` WITH GRANT OPTION',
      ['SELECT ON *.*', 'CREATE USER ON *.*', 'GRANT OPTION ON *.*'],
    ],
    [
      'what MariaDB writes between',
      "GRANT SELECT ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*94BD' REQUIRE SUBJECT 'a'' ON b TO c' WITH GRANT OPTION MAX_QUERIES_PER_HOUR 5",
      ['SELECT ON *.*', 'GRANT OPTION ON *.*'],
    ],
    [
      'an option that is only spoken of',
      "GRANT SELECT ON *.* TO `app`@`%` REQUIRE SUBJECT 'x WITH GRANT OPTION'",
      ['SELECT ON *.*'],
    ],
    [
      'dynamic privileges, each with an option of its own',
      'GRANT CONNECTION_ADMIN,FLUSH_TABLES ON *.* TO `app`@`%` WITH GRANT OPTION',
      ['CONNECTION_ADMIN ON *.* WITH GRANT OPTION', 'FLUSH_TABLES ON *.* WITH GRANT OPTION'],
    ],
    [
      'columns, with names that say otherwise',
      'GRANT SELECT (`a`, `b, c)`, ` TO ``x`), INSERT ON `o``dd ON db`.`t TO t` TO `app`@`%`',
      [
        'SELECT (`a`) ON `o``dd ON db`.`t TO t`',
        'SELECT (`b, c)`) ON `o``dd ON db`.`t TO t`',
        'SELECT (` TO ``x`) ON `o``dd ON db`.`t TO t`',
        'INSERT ON `o``dd ON db`.`t TO t`',
      ],
    ],
    ['routines', 'GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `app`@`%`', ['EXECUTE ON PROCEDURE `shop`.`p`']],
    [
      'roles',
      'GRANT `r (1), x`@`%`,`r2`@`%` TO `app`@`%` WITH ADMIN OPTION',
      ['`r (1), x`@`%` WITH ADMIN OPTION', '`r2`@`%` WITH ADMIN OPTION'],
    ],
    ['parts that are taken out', 'REVOKE INSERT ON `mysql`.* FROM `app`@`%`', ['all but INSERT ON `mysql`.*']],
    [
      'whom it may act as',
      "GRANT PROXY ON ''@'%' TO 'app'@'%' WITH GRANT OPTION",
      ["PROXY ON ''@'%' WITH GRANT OPTION"],
    ],
    ['default roles, which are no right', 'SET DEFAULT ROLE `r1` FOR `app`@`%`', []],
    ["another account's rights", 'GRANT SELECT ON `shop`.* TO `app`@`10.%`', []],
    ["everybody's rights", 'GRANT SELECT ON `shop`.* TO PUBLIC', []],
  ])('reads %s', (_, line, expected) => {
    expect(names(of(line))).toEqual(expected);
  });
});

describe('compare', () => {
  test('finds nothing to do between equals, in whatever order', () => {
    const one = of('GRANT SELECT, INSERT ON `a`.* TO `app`@`%`', 'GRANT `r`@`%` TO `app`@`%`');
    const other = of('GRANT `r`@`%` TO `app`@`%`', 'GRANT INSERT, SELECT ON `a`.* TO `app`@`%`');

    expect(compare(one, other)).toEqual({ replaced: [], missing: [], surplus: [] });
  });

  test('takes nothing of what goes with ALL when that is given', () => {
    const wanted = of('GRANT ALL PRIVILEGES ON `a`.* TO `app`@`%`');
    const held = of('GRANT SELECT, INSERT ON `a`.* TO `app`@`%` WITH GRANT OPTION');

    const { replaced, missing, surplus } = compare(wanted, held);

    expect(names(replaced)).toEqual([]);
    expect(names(missing)).toEqual(['ALL PRIVILEGES ON `a`.*']);
    expect(names(surplus)).toEqual(['GRANT OPTION ON `a`.*']);
  });

  test('takes ALL before it gives what remains of it', () => {
    const wanted = of('GRANT SELECT ON `a`.* TO `app`@`%`');
    const held = of('GRANT ALL PRIVILEGES ON `a`.* TO `app`@`%`');

    const { replaced, missing, surplus } = compare(wanted, held);

    expect(names(replaced)).toEqual(['ALL PRIVILEGES ON `a`.*']);
    expect(names(missing)).toEqual(['SELECT ON `a`.*']);
    expect(surplus).toEqual([]);
  });

  test.each([
    ['GRANT `r`@`%` TO `app`@`%`', 'ADMIN', '`r`@`%`'],
    ['GRANT FLUSH_TABLES ON *.* TO `app`@`%`', 'GRANT', 'FLUSH_TABLES ON *.*'],
  ])('%s WITH %s OPTION is given over it, and taken to lose the option', (line, option, name) => {
    const withOption = of(`${line} WITH ${option} OPTION`);

    const more = compare(withOption, of(line));
    const less = compare(of(line), withOption);

    expect(names(more.missing)).toEqual([`${name} WITH ${option} OPTION`]);
    expect([...more.replaced, ...more.surplus]).toEqual([]);
    expect(names(less.replaced)).toEqual([`${name} WITH ${option} OPTION`]);
    expect(names(less.missing)).toEqual([name]);
    expect(less.surplus).toEqual([]);
  });
});

test('what can be given together is one statement', () => {
  const rights = of(
    'GRANT SELECT (`a`, `b`), INSERT ON `s`.`t` TO `app`@`%` WITH GRANT OPTION',
    'GRANT USAGE ON `s`.* TO `app`@`%` WITH GRANT OPTION',
    'REVOKE INSERT ON `mysql`.* FROM `app`@`%`',
    'GRANT `r1`@`%`,`r2`@`%` TO `app`@`%`',
  );

  expect(granting(rights, 'clone').map(({ statement }) => statement)).toEqual([
    'GRANT SELECT (`a`), SELECT (`b`), INSERT ON `s`.`t` TO clone WITH GRANT OPTION',
    'GRANT USAGE ON `s`.* TO clone WITH GRANT OPTION',
    'REVOKE INSERT ON `mysql`.* FROM clone',
    'GRANT `r1`@`%` TO clone',
    'GRANT `r2`@`%` TO clone',
  ]);
});

test('what is taken is taken one by one', () => {
  const rights = of(
    'GRANT SELECT (`a`) ON `s`.`t` TO `app`@`%` WITH GRANT OPTION',
    'REVOKE INSERT ON `mysql`.* FROM `app`@`%`',
    'GRANT `r1`@`%` TO `app`@`%` WITH ADMIN OPTION',
  );

  expect(revoking(rights, 'clone')).toEqual([
    'REVOKE SELECT (`a`) ON `s`.`t` FROM clone',
    'REVOKE GRANT OPTION ON `s`.`t` FROM clone',
    'GRANT INSERT ON `mysql`.* TO clone',
    'REVOKE `r1`@`%` FROM clone',
  ]);
});
