import { Query } from '../../../lab/query-protocol/query';
import { xml } from '../../../lab/query-protocol/xml';

const query = (form: string) => new Query(new URLSearchParams(form));

describe('a request', () => {
  test('has its filters in numbered lists', () => {
    const asked = query(
      'Action=A&Filters.Filter.1.Name=one&Filters.Filter.1.Values.Value.1=a&Filters.Filter.1.Values.Value.2=b' +
        '&Filters.Filter.2.Name=two',
    );

    expect([...asked.filters(['one', 'two'])]).toEqual([
      ['one', ['a', 'b']],
      ['two', []],
    ]);
  });

  test('may not have parameters that the lab would leave out in silence', () => {
    const asked = query('Action=Describe&Version=1&Known=a&Filters.Filter.1.Name=one&Other.1=b');

    expect(() => asked.allow(['Known', 'Filters'])).toThrow('The lab does not know the parameter Other.1 of Describe.');
  });

  test('gets as many entries as it asks for, and the rest by the marker', () => {
    const found = Array.from({ length: 45 }, (_, index) => index);

    const first = query('MaxRecords=20').page(found);
    const second = query(`MaxRecords=20&Marker=${encodeURIComponent(first.marker!)}`).page(found);
    const third = query(`MaxRecords=20&Marker=${encodeURIComponent(second.marker!)}`).page(found);

    expect([first, second, third].flatMap(({ page }) => page)).toEqual(found);
    expect([first, second, third].map(({ page }) => page.length)).toEqual([20, 20, 5]);
    expect(third.marker).toBeUndefined();
  });

  test.each(['MaxRecords=19', 'MaxRecords=101', 'MaxRecords=x', 'Marker=nonsense'])('is refused with %s', (form) => {
    expect(() => query(form).page([])).toThrow('Invalid value');
  });
});

test('an answer is XML in the order of its members, lists as repeated elements, text escaped', () => {
  const answer = xml({
    A: 1,
    List: { Item: ['<&>"', { B: true }] },
    None: undefined,
    Empty: { Item: [] },
    At: new Date(0),
  });

  expect(answer).toBe(
    '<A>1</A><List><Item>&lt;&amp;&gt;&quot;</Item><Item><B>true</B></Item></List><Empty></Empty>' +
      '<At>1970-01-01T00:00:00.000Z</At>',
  );
});
