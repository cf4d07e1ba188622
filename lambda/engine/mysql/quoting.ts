/** A text in a statement. Right as long as the session's `sql_mode` leaves the backslash its meaning; never more than one text in any other. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\0', '\\0')}'`;
}

/** A name in a statement. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** `'app'@'10.%'`: for both servers, the same name from other hosts is another account, with a password and rights of its own. */
export function accountName(user: string, host: string): string {
  return `${literal(user)}@${literal(host)}`;
}

/** The name or text within its quotes, of any of the kinds that the servers write. */
export function unquote(quoted: string): string {
  const quote = quoted[0];
  if (quote !== '`' && quote !== "'" && quote !== '"') return quoted;
  return quoted.slice(1, -1).replaceAll(quote + quote, quote);
}
