import type { components, paths } from 'published/backplane';
import type {
  BackplaneErrorAnswer,
  CreateReportBody,
  ReportAnswer,
  ReportHeadFields,
  ReportsAnswer,
} from '../../../src/backplane/backplane-wire.ts';
import type { AnswerOf, BodyOf, HasNoBody, Holds, IsOptional, Reads, Sends } from './compare.ts';

type Reports = paths['/backplane/cluster/{cluster_id}/reports'];
type Report = paths['/backplane/cluster/{cluster_id}/reports/{report_id}'];
type Listed = AnswerOf<Reports['get'], 200>;

export type Agreement = [
  Holds<Sends<CreateReportBody, BodyOf<Reports['post']>>>,
  Holds<Reads<ReportAnswer, AnswerOf<Reports['post'], 201>>>,
  Holds<Reads<ReportAnswer, AnswerOf<Report['get'], 200>>>,
  Holds<Reads<ReportsAnswer, Listed>>,
  Holds<Reads<ReportHeadFields, Listed['reports'][number]>>,
  Holds<Reads<BackplaneErrorAnswer, components['schemas']['Error']>>,
];

/** By hand: what the document leaves open, and the client and its tests do not. */
export type LeftOpen = [
  Holds<IsOptional<'report_id' | 'summary', Listed['reports'][number]>>,
  Holds<HasNoBody<Reports['post'], 400>>,
  Holds<HasNoBody<Reports['post'], 403>>,
  Holds<HasNoBody<Reports['post'], 500>>,
];
