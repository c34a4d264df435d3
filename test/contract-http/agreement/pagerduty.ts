import type { paths } from 'published/pagerduty';
import type {
  AlertFields,
  AlertsAnswer,
  CreateNoteBody,
  ErrorFields,
  EscalationPolicyAnswer,
  EscalationPolicyFields,
  IncidentAnswer,
  IncidentFields,
  IncidentUpdate,
  NoteAnswer,
  NoteFields,
  NotesAnswer,
  PagerDutyErrorAnswer,
  ReferenceFields,
  UpdateIncidentBody,
  UserAnswer,
  UserFields,
  UsersAnswer,
} from '../../../src/pagerduty/pagerduty-wire.ts';
import type { AnswerOf, BodyOf, Holds, IsLoose, IsOptional, Reads, Sends } from './compare.ts';

type Incident = paths['/incidents/{id}'];
type Notes = paths['/incidents/{id}/notes'];
type Note = AnswerOf<Notes['post'], 200>['note'];
type Read = AnswerOf<Incident['get'], 200>['incident'];
type Alerts = AnswerOf<paths['/incidents/{id}/alerts']['get'], 200>;
type Users = AnswerOf<paths['/users']['get'], 200>;
type Policy = AnswerOf<paths['/escalation_policies/{id}']['get'], 200>;
type Refused = AnswerOf<Notes['post'], 400>;

export type Agreement = [
  Holds<Sends<CreateNoteBody, BodyOf<Notes['post']>>>,
  Holds<Sends<UpdateIncidentBody, BodyOf<Incident['put']>>>,
  Holds<Sends<IncidentUpdate, BodyOf<Incident['put']>['incident']>>,
  Holds<Reads<NoteAnswer, AnswerOf<Notes['post'], 200>>>,
  Holds<Reads<NotesAnswer, AnswerOf<Notes['get'], 200>>>,
  Holds<Reads<NoteFields, Note>>,
  Holds<Reads<IncidentAnswer, AnswerOf<Incident['get'], 200>>>,
  Holds<Reads<IncidentAnswer, AnswerOf<Incident['put'], 200>>>,
  Holds<Reads<IncidentFields, Read>>,
  Holds<Reads<ReferenceFields, NonNullable<Read['escalation_policy']>>>,
  Holds<Reads<ReferenceFields, NonNullable<Read['service']>>>,
  Holds<Reads<AlertsAnswer, Alerts>>,
  Holds<Reads<AlertFields, NonNullable<Alerts['alerts']>[number]>>,
  Holds<Reads<UsersAnswer, Users>>,
  Holds<Reads<UserAnswer, AnswerOf<paths['/users/me']['get'], 200>>>,
  Holds<Reads<UserFields, Users['users'][number]>>,
  Holds<Reads<EscalationPolicyAnswer, Policy>>,
  Holds<Reads<EscalationPolicyFields, Policy['escalation_policy']>>,
  Holds<Reads<Omit<PagerDutyErrorAnswer, 'message'>, Refused>>,
  Holds<Reads<ErrorFields, NonNullable<Refused['error']>>>,
];

/** By hand: what the document leaves open, and the clients and their tests do not. */
export type LeftOpen = [
  Holds<IsLoose<'message', Refused>>,
  Holds<IsOptional<'error', Refused>>,
  Holds<IsOptional<'id' | 'title' | 'status', Read>>,
  Holds<
    IsOptional<
      'escalation_policy' | 'title' | 'escalation_level' | 'status',
      BodyOf<Incident['put']>['incident']
    >
  >,
];
