/** Whether a text can stand in a header: what HTTP has no way to send would end as a failure of the client. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}
