/** A body that is not of the form that it says it has; the message says why. */
export class MalformedBody extends Error {}
