import { Paging } from '../rotation/issuer-contract';

/** How the pages of a list of keys follow each other. At most 1000 pages are asked for. */
export class KeyListPaging {
  /**
   * A query parameter with a text from the answer, until there is none.
   *
   * @param parameter its name: `after`
   * @param next where the text stands in the answer's JSON, as a JSON pointer: `/last_id`
   */
  public static cursor(parameter: string, next: string): KeyListPaging {
    return new KeyListPaging({ by: 'cursor', parameter, next });
  }

  /**
   * A query parameter that counts the pages, until one is empty.
   *
   * @param parameter its name: `page`
   * @param first the number of the first page
   */
  public static pageNumber(parameter: string, first: number): KeyListPaging {
    return new KeyListPaging({ by: 'number', parameter, first });
  }

  /**
   * The header `Link` with `rel="next"`, on one of the issuer's hosts.
   *
   * @see https://www.rfc-editor.org/rfc/rfc8288
   */
  public static linkHeader(): KeyListPaging {
    return new KeyListPaging({ by: 'link' });
  }

  /**
   * A URL in the answer, on one of the issuer's hosts, until there is none.
   *
   * @param next where it stands in the answer's JSON, as a JSON pointer: `/meta/next_page_url`
   */
  public static nextUrl(next: string): KeyListPaging {
    return new KeyListPaging({ by: 'url', next });
  }

  private constructor(
    /** @internal */
    public readonly _paging: Paging,
  ) {}
}
