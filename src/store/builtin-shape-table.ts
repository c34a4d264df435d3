/**
 * Where the objects of the built-in kinds merge otherwise than by name (kube-apiserver 1.35, its OpenAPI document).
 *
 * A line is a struct and those of its fields of which something is to be said: `[m(KEYS)]` a list of objects by keys, a key
 * with its default behind a colon; `[s]` a list that is a set; `[]` a list that is one value; `~` an object, or an item of
 * the list, that is one value; `>STRUCT` what it, or its items, are. For strategic merge patches `!` says that a list merges,
 * with a key of its own behind it where that is not the first of the list's keys; `k` and, of an object, `!r` that fields a
 * patch does not name may have to go. Kinds are named by group, version and kind. Metadata is the same everywhere.
 */
export const builtinShapeTable = `
v1/ComponentStatus conditions[m(type)]!
v1/Event involvedObject~ related~
v1/Namespace status>NamespaceStatus
v1/Node spec>NodeSpec status>NodeStatus
v1/PersistentVolumeClaim spec>PersistentVolumeClaimSpec status>PersistentVolumeClaimStatus
v1/PersistentVolume spec>PersistentVolumeSpec
v1/Pod spec>PodSpec status>PodStatus
v1/PodTemplate template>PodTemplateSpec
v1/ReplicationController spec>ReplicationControllerSpec status>ReplicationControllerStatus
v1/ResourceQuota spec>ResourceQuotaSpec
v1/ServiceAccount secrets[m(name)]!~
v1/Service spec>ServiceSpec status>ServiceStatus
apiregistration.k8s.io/v1/APIService status>APIServiceStatus
apps/v1/DaemonSet spec>DaemonSetSpec status>DaemonSetStatus
apps/v1/Deployment spec>DeploymentSpec status>DeploymentStatus
apps/v1/ReplicaSet spec>ReplicaSetSpec status>ReplicaSetStatus
apps/v1/StatefulSet spec>StatefulSetSpec status>StatefulSetStatus
events.k8s.io/v1/Event regarding~ related~
autoscaling/v2/HorizontalPodAutoscaler status>HorizontalPodAutoscalerStatus
autoscaling/v1/HorizontalPodAutoscaler spec>HorizontalPodAutoscalerSpec
batch/v1/CronJob spec>CronJobSpec
batch/v1/Job spec>JobSpec status>JobStatus
certificates.k8s.io/v1/CertificateSigningRequest status>CertificateSigningRequestStatus
networking.k8s.io/v1/Ingress spec>IngressSpec
networking.k8s.io/v1/NetworkPolicy spec>NetworkPolicySpec
networking.k8s.io/v1/ServiceCIDR status>ServiceCIDRStatus
policy/v1/PodDisruptionBudget spec>PodDisruptionBudgetSpec status>PodDisruptionBudgetStatus
rbac.authorization.k8s.io/v1/ClusterRoleBinding roleRef~
rbac.authorization.k8s.io/v1/RoleBinding roleRef~
storage.k8s.io/v1/CSIDriver spec>CSIDriverSpec
storage.k8s.io/v1/CSINode spec>CSINodeSpec
storage.k8s.io/v1/CSIStorageCapacity nodeTopology~
storage.k8s.io/v1/VolumeAttachment spec>VolumeAttachmentSpec
admissionregistration.k8s.io/v1/MutatingWebhookConfiguration webhooks[m(name)]!>MutatingWebhook
admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy spec>ValidatingAdmissionPolicySpec status>ValidatingAdmissionPolicyStatus
admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding spec>ValidatingAdmissionPolicyBindingSpec
admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration webhooks[m(name)]!>ValidatingWebhook
apiextensions.k8s.io/v1/CustomResourceDefinition status>CustomResourceDefinitionStatus
node.k8s.io/v1/RuntimeClass scheduling>Scheduling
flowcontrol.apiserver.k8s.io/v1/FlowSchema status>FlowSchemaStatus
flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration status>PriorityLevelConfigurationStatus
resource.k8s.io/v1/ResourceClaim status>ResourceClaimStatus
resource.k8s.io/v1/ResourceClaimTemplate spec>ResourceClaimTemplateSpec
resource.k8s.io/v1/ResourceSlice spec>ResourceSliceSpec
ObjectMeta finalizers[s]! ownerReferences[m(uid)]!~
NamespaceStatus conditions[m(type)]!
NodeSpec podCIDRs[s]!
NodeStatus addresses[m(type)]! conditions[m(type)]!
PersistentVolumeClaimSpec dataSource~ selector~
PersistentVolumeClaimStatus conditions[m(type)]!
PersistentVolumeSpec cephfs>CephFSPersistentVolumeSource cinder>CinderPersistentVolumeSource claimRef~ csi>CSIPersistentVolumeSource flexVolume>FlexPersistentVolumeSource iscsi>ISCSIPersistentVolumeSource nodeAffinity>VolumeNodeAffinity rbd>RBDPersistentVolumeSource scaleIO>ScaleIOPersistentVolumeSource storageos>StorageOSPersistentVolumeSource
PodSpec affinity>Affinity containers[m(name)]!>Container ephemeralContainers[m(name)]!>EphemeralContainer hostAliases[m(ip)]! imagePullSecrets[m(name)]!~ initContainers[m(name)]!>Container nodeSelector~ resourceClaims[m(name)]!k resources>ResourceRequirements schedulingGates[m(name)]! topologySpreadConstraints[m(topologyKey+whenUnsatisfiable)]!>TopologySpreadConstraint volumes[m(name)]!k>Volume
PodStatus conditions[m(type)]! hostIPs[]!ip podIPs[m(ip)]! resourceClaimStatuses[m(name)]!k resources>ResourceRequirements
PodTemplateSpec metadata>ObjectMeta spec>PodSpec
ReplicationControllerSpec selector~ template>PodTemplateSpec
ReplicationControllerStatus conditions[m(type)]!
ResourceQuotaSpec scopeSelector~
ServiceSpec ports[m(port+protocol:TCP)]! selector~
ServiceStatus conditions[m(type)]!
APIServiceStatus conditions[m(type)]!
DaemonSetSpec selector~ template>PodTemplateSpec
DaemonSetStatus conditions[m(type)]!
DeploymentSpec selector~ strategy!r template>PodTemplateSpec
DeploymentStatus conditions[m(type)]!
ReplicaSetSpec selector~ template>PodTemplateSpec
ReplicaSetStatus conditions[m(type)]!
StatefulSetSpec selector~ template>PodTemplateSpec
StatefulSetStatus conditions[m(type)]!
HorizontalPodAutoscalerStatus conditions[m(type)]!
HorizontalPodAutoscalerSpec scaleTargetRef~
CronJobSpec jobTemplate>JobTemplateSpec
JobSpec selector~ template>PodTemplateSpec
JobStatus conditions[]!type uncountedTerminatedPods>UncountedTerminatedPods
CertificateSigningRequestStatus conditions[m(type)]
IngressSpec defaultBackend>IngressBackend
NetworkPolicySpec podSelector~
ServiceCIDRStatus conditions[m(type)]!
PodDisruptionBudgetSpec selector!r~
PodDisruptionBudgetStatus conditions[m(type)]!
CSIDriverSpec volumeLifecycleModes[s]
CSINodeSpec drivers[m(name)]!
VolumeAttachmentSpec source>VolumeAttachmentSource
MutatingWebhook matchConditions[m(name)]! namespaceSelector~ objectSelector~
ValidatingAdmissionPolicySpec matchConditions[m(name)]! matchConstraints~ paramKind~ variables[m(name)]!~
ValidatingAdmissionPolicyStatus conditions[m(type)]
ValidatingAdmissionPolicyBindingSpec matchResources~ paramRef~ validationActions[s]
ValidatingWebhook matchConditions[m(name)]! namespaceSelector~ objectSelector~
CustomResourceDefinitionStatus conditions[m(type)]
Scheduling nodeSelector~
FlowSchemaStatus conditions[m(type)]!
PriorityLevelConfigurationStatus conditions[m(type)]!
ResourceClaimStatus allocation>AllocationResult devices[m(driver+device+pool+shareID)]>AllocatedDeviceStatus reservedFor[m(uid)]!
ResourceClaimTemplateSpec metadata>ObjectMeta
ResourceSliceSpec nodeSelector~
CephFSPersistentVolumeSource secretRef~
CinderPersistentVolumeSource secretRef~
CSIPersistentVolumeSource controllerExpandSecretRef~ controllerPublishSecretRef~ nodeExpandSecretRef~ nodePublishSecretRef~ nodeStageSecretRef~
FlexPersistentVolumeSource secretRef~
ISCSIPersistentVolumeSource secretRef~
VolumeNodeAffinity required~
RBDPersistentVolumeSource secretRef~
ScaleIOPersistentVolumeSource secretRef~
StorageOSPersistentVolumeSource secretRef~
Affinity nodeAffinity>NodeAffinity
Container env[m(name)]!>EnvVar ports[m(containerPort+protocol:TCP)]! resources>ResourceRequirements volumeDevices[m(devicePath)]! volumeMounts[m(mountPath)]!
EphemeralContainer env[m(name)]!>EnvVar ports[m(containerPort+protocol:TCP)]! resources>ResourceRequirements volumeDevices[m(devicePath)]! volumeMounts[m(mountPath)]!
ResourceRequirements claims[m(name)]
TopologySpreadConstraint labelSelector~
Volume cephfs>CephFSVolumeSource cinder>CinderVolumeSource csi>CSIVolumeSource ephemeral>EphemeralVolumeSource flexVolume>FlexVolumeSource iscsi>ISCSIVolumeSource rbd>RBDVolumeSource scaleIO>ScaleIOVolumeSource storageos>StorageOSVolumeSource
JobTemplateSpec metadata>ObjectMeta spec>JobSpec
UncountedTerminatedPods failed[s] succeeded[s]
IngressBackend resource~ service>IngressServiceBackend
VolumeAttachmentSource inlineVolumeSpec>PersistentVolumeSpec
AllocationResult nodeSelector~
AllocatedDeviceStatus conditions[m(type)]
NodeAffinity requiredDuringSchedulingIgnoredDuringExecution~
EnvVar valueFrom>EnvVarSource
CephFSVolumeSource secretRef~
CinderVolumeSource secretRef~
CSIVolumeSource nodePublishSecretRef~
EphemeralVolumeSource volumeClaimTemplate>PersistentVolumeClaimTemplate
FlexVolumeSource secretRef~
ISCSIVolumeSource secretRef~
RBDVolumeSource secretRef~
ScaleIOVolumeSource secretRef~
StorageOSVolumeSource secretRef~
IngressServiceBackend port~
EnvVarSource configMapKeyRef~ fieldRef~ fileKeyRef~ resourceFieldRef~ secretKeyRef~
PersistentVolumeClaimTemplate metadata>ObjectMeta spec>PersistentVolumeClaimSpec
`;
