/** What `help` has a page on, beside commands. */
export const helpTopicNames = [
  'flags',
  'environment',
  'exit-codes',
  'errors',
  'formats',
  'configuration',
] as const;

export type HelpTopicName = (typeof helpTopicNames)[number];
