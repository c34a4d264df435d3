import type { ApiResource } from '../api/objects.ts';

/** What a kind of the API server does besides being stored. */
export interface KindTraits {
  /** Has /status, and drops the status that a write to the main resource carries. */
  status: boolean;
  /** Counts changes of its spec in metadata.generation. */
  generation: boolean;
  /** PUT makes a missing object. */
  createOnUpdate: boolean;
  /** PUT without resourceVersion overwrites whatever is there. */
  unconditionalUpdate: boolean;
  /** Answers a POST and is never stored: the access reviews. */
  review: boolean;
}

export interface BuiltinKind extends ApiResource {
  shortNames: string[];
  traits: KindTraits;
}

/**
 * Group/version, then one kind a line: plural, Kind, scope (N namespaced, C cluster), traits
 * (s status, g generation, c create on update, l locked to a resourceVersion on update, r review), short names.
 * All that kube-apiserver 1.35 serves by default; the newest version of a group comes first.
 */
const table = `
v1
bindings Binding N r
componentstatuses ComponentStatus C - cs
configmaps ConfigMap N - cm
endpoints Endpoints N - ep
events Event N c ev
limitranges LimitRange N c limits
namespaces Namespace C s ns
nodes Node C s no
persistentvolumeclaims PersistentVolumeClaim N s pvc
persistentvolumes PersistentVolume C s pv
pods Pod N sg po
podtemplates PodTemplate N g
replicationcontrollers ReplicationController N sg rc
resourcequotas ResourceQuota N s quota
secrets Secret N -
serviceaccounts ServiceAccount N - sa
services Service N s svc
apiregistration.k8s.io/v1
apiservices APIService C s
apps/v1
controllerrevisions ControllerRevision N -
daemonsets DaemonSet N sg ds
deployments Deployment N sg deploy
replicasets ReplicaSet N sg rs
statefulsets StatefulSet N sg sts
events.k8s.io/v1
events Event N c ev
authentication.k8s.io/v1
selfsubjectreviews SelfSubjectReview C r
tokenreviews TokenReview C r
authorization.k8s.io/v1
localsubjectaccessreviews LocalSubjectAccessReview N r
selfsubjectaccessreviews SelfSubjectAccessReview C r
selfsubjectrulesreviews SelfSubjectRulesReview C r
subjectaccessreviews SubjectAccessReview C r
autoscaling/v2
horizontalpodautoscalers HorizontalPodAutoscaler N s hpa
autoscaling/v1
horizontalpodautoscalers HorizontalPodAutoscaler N s hpa
batch/v1
cronjobs CronJob N sg cj
jobs Job N sg
certificates.k8s.io/v1
certificatesigningrequests CertificateSigningRequest C s csr
networking.k8s.io/v1
ingressclasses IngressClass C g
ingresses Ingress N sg ing
ipaddresses IPAddress C - ip
networkpolicies NetworkPolicy N g netpol
servicecidrs ServiceCIDR C s
policy/v1
poddisruptionbudgets PodDisruptionBudget N sg pdb
rbac.authorization.k8s.io/v1
clusterrolebindings ClusterRoleBinding C c
clusterroles ClusterRole C c
rolebindings RoleBinding N c
roles Role N c
storage.k8s.io/v1
csidrivers CSIDriver C -
csinodes CSINode C -
csistoragecapacities CSIStorageCapacity N -
storageclasses StorageClass C - sc
volumeattachments VolumeAttachment C s
volumeattributesclasses VolumeAttributesClass C - vac
admissionregistration.k8s.io/v1
mutatingwebhookconfigurations MutatingWebhookConfiguration C g
validatingadmissionpolicies ValidatingAdmissionPolicy C sg
validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding C g
validatingwebhookconfigurations ValidatingWebhookConfiguration C g
apiextensions.k8s.io/v1
customresourcedefinitions CustomResourceDefinition C sgl crd,crds
scheduling.k8s.io/v1
priorityclasses PriorityClass C g pc
coordination.k8s.io/v1
leases Lease N cl
node.k8s.io/v1
runtimeclasses RuntimeClass C -
discovery.k8s.io/v1
endpointslices EndpointSlice N g
flowcontrol.apiserver.k8s.io/v1
flowschemas FlowSchema C sg
prioritylevelconfigurations PriorityLevelConfiguration C sg
resource.k8s.io/v1
deviceclasses DeviceClass C g
resourceclaims ResourceClaim N s
resourceclaimtemplates ResourceClaimTemplate N -
resourceslices ResourceSlice C g
`;

let parsed: BuiltinKind[] | undefined;

export function builtinKinds(): readonly BuiltinKind[] {
  parsed ??= parseTable();
  return parsed;
}

function parseTable(): BuiltinKind[] {
  const kinds: BuiltinKind[] = [];
  let group = '';
  let version = '';
  for (const line of table.trim().split('\n')) {
    const [first = '', kind, scope, traits = '', shortNames = ''] = line.split(' ');
    if (kind === undefined) {
      [group, version] = first.includes('/') ? (first.split('/') as [string, string]) : ['', first];
      continue;
    }
    kinds.push({
      group,
      version,
      plural: first,
      singular: kind.toLowerCase(),
      kind,
      namespaced: scope === 'N',
      shortNames: shortNames === '' ? [] : shortNames.split(','),
      traits: traitsOf(traits),
    });
  }
  return kinds;
}

function traitsOf(letters: string): KindTraits {
  return {
    status: letters.includes('s'),
    generation: letters.includes('g'),
    createOnUpdate: letters.includes('c'),
    unconditionalUpdate: !letters.includes('l'),
    review: letters.includes('r'),
  };
}
