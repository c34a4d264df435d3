/** Verdicts about a hand-written type and a generated one: `true`, or what is wrong. */

export type Holds<Verdict extends true> = Verdict;

/** What is sent fits the body that the document wants, and has no field that it does not know. */
export type Sends<Ours extends Documented, Documented> = Verdict<Ours, Documented>;

/** What the document promises is what is read: every field is there, with a type that is taken. */
export type Reads<Ours, Documented extends Ours> = Verdict<Ours, Documented>;

/** The document does not have the field: what is known of it is held by tests of the clients. */
export type IsLoose<Key extends string, Documented> = Key extends KeysOf<Documented> ? 'it has it now' : true;

/** The document does not require the field, though it is always sent, or never done without. */
export type IsOptional<Key extends KeysOf<Documented>, Documented> =
  Partial<Pick<Documented, Key>> extends Pick<Documented, Key> ? true : 'it requires it now';

/** The document does not say what is in the answer. */
export type HasNoBody<Operation, Status extends number> = [AnswerOf<Operation, Status>] extends [never]
  ? true
  : 'it says so now';

export type BodyOf<Operation> = Operation extends {
  requestBody?: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

export type AnswerOf<Operation, Status extends number | 'default'> = Operation extends {
  responses: { [Given in Status]: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

type Verdict<Ours, Documented> = 0 extends 1 & Documented
  ? 'the document says anything'
  : [Documented] extends [never]
    ? 'the document has no such thing'
    : [Beyond<Ours, Documented>] extends [never]
      ? true
      : { notInTheDocument: Beyond<Ours, Documented> };

/** The paths of the fields that only ours has. */
type Beyond<Ours, Documented, Path extends string = ''> = Ours extends readonly (infer Item)[]
  ? Beyond<Item, ItemOf<Documented>, Path>
  : Ours extends object
    ? {
        [Key in keyof Ours & string]-?: Key extends KeysOf<Documented>
          ? Beyond<NonNullable<Ours[Key]>, NonNullable<FieldOf<Documented, Key>>, `${Path}.${Key}`>
          : `${Path}.${Key}`;
      }[keyof Ours & string]
    : never;

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;
/** Those that are named; an object that may hold anything has them too. */
type KeysOf<Union> = Union extends unknown
  ? keyof { [Key in keyof Union as string extends Key ? never : Key]: unknown }
  : never;
type FieldOf<Union, Key> = Union extends unknown ? (Key extends keyof Union ? Union[Key] : never) : never;
