import type { paths as ClusterPaths } from 'published/ocm-clusters-mgmt';
import type { paths as LogPaths } from 'published/ocm-service-logs';
import type {
  ClusterFields,
  CreateLimitedSupportBody,
  CreateServiceLogBody,
  LimitedSupportFields,
  ListAnswer,
  OcmErrorAnswer,
  ServiceLogFields,
  ServiceLogSeverity,
} from '../../../src/ocm/ocm-wire.ts';
import type { AnswerOf, BodyOf, Holds, IsLoose, IsOptional, Reads, Sends } from './compare.ts';

type CreateLog = LogPaths['/api/service_logs/v1/cluster_logs']['post'];
type FindLogs = LogPaths['/api/service_logs/v1/clusters/{cluster_id}/cluster_logs']['get'];
type Reasons = ClusterPaths['/api/clusters_mgmt/v1/clusters/{cluster_id}/limited_support_reasons'];
type Clusters = ClusterPaths['/api/clusters_mgmt/v1/clusters']['get'];
type Cluster = ClusterPaths['/api/clusters_mgmt/v1/clusters/{cluster_id}']['get'];
type Refused = AnswerOf<Cluster, 'default'>;
type ReadCluster = Omit<ClusterFields, 'display_name'>;

export type Agreement = [
  Holds<Sends<CreateServiceLogBody, BodyOf<CreateLog>>>,
  Holds<Sends<ServiceLogSeverity, NonNullable<BodyOf<CreateLog>['severity']>>>,
  Holds<Sends<NonNullable<BodyOf<CreateLog>['severity']>, ServiceLogSeverity>>,
  Holds<Reads<ServiceLogFields, AnswerOf<CreateLog, 201>>>,
  Holds<Reads<ListAnswer<ServiceLogFields>, AnswerOf<FindLogs, 200>>>,
  Holds<Sends<CreateLimitedSupportBody, BodyOf<Reasons['post']>>>,
  Holds<Reads<LimitedSupportFields, AnswerOf<Reasons['post'], 201>>>,
  Holds<Reads<ListAnswer<LimitedSupportFields>, AnswerOf<Reasons['get'], 200>>>,
  Holds<Reads<ReadCluster, AnswerOf<Cluster, 200>>>,
  Holds<Reads<ListAnswer<ReadCluster>, AnswerOf<Clusters, 200>>>,
  Holds<Reads<Omit<OcmErrorAnswer, 'operation_id'>, Refused>>,
  Holds<Reads<Omit<OcmErrorAnswer, 'operation_id'>, AnswerOf<CreateLog, 'default'>>>,
];

/** By hand: what the documents leave open, and the clients and their tests do not. */
export type LeftOpen = [
  Holds<IsLoose<'display_name', AnswerOf<Cluster, 200>>>,
  Holds<IsLoose<'operation_id', Refused>>,
  Holds<IsOptional<keyof CreateServiceLogBody, BodyOf<CreateLog>>>,
  Holds<IsOptional<keyof CreateLimitedSupportBody, BodyOf<Reasons['post']>>>,
  Holds<IsOptional<'items' | 'total', AnswerOf<Reasons['get'], 200>>>,
];
