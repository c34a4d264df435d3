import type { EffectiveConfig } from '../config/load-config.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { KubeClient } from '../kube/client.ts';
import { usualRequestResource } from '../kube/discovery.ts';
import { checkGroups, skip, type Check } from './check.ts';
import { clockCheck } from './clock-check.ts';
import { configurationChecks } from './configuration-checks.ts';
import type { LoadedConfig, Machine, ServerView } from './doctor-context.ts';
import { gatewayChecks } from './gateway-checks.ts';
import { lockChecks } from './lock-checks.ts';
import { once } from '../time/once.ts';
import { permissionChecks } from './permission-checks.ts';
import { programChecks } from './program-checks.ts';
import { requestChecks } from './request-checks.ts';
import { serverChecks, whoAmI } from './server-checks.ts';
import { storeChecks } from './store-checks.ts';

/** Every check that makes sense with what is configured, each after those that it needs. */
export function allChecks(loaded: LoadedConfig, machine: Machine, view: ServerView): Check[] {
  const local = [...programChecks(machine), ...configurationChecks(loaded, machine)];
  return 'failure' in loaded ? [...local, unknownTarget] : [...local, ...remoteChecks(loaded.config, view)];
}

/** Where the target is stands in the configuration. */
const unknownTarget: Check = {
  name: 'target',
  group: 'server',
  needs: ['configuration'],
  run: () => skip('not known'),
};

function remoteChecks({ values }: EffectiveConfig, view: ServerView): Check[] {
  const { namespace, leaseNamespace, store } = values;
  const client = async (): Promise<KubeClient> => {
    const connected = await view.connect();
    if (connected === undefined) throw new RemedyError('STORE_UNAVAILABLE', 'there is no store yet');
    return connected;
  };
  const { clock, skew, openGateway } = view;
  const server = serverChecks({
    connect: view.connect,
    client,
    clock,
    store,
    namespaces: [...new Set([namespace, leaseNamespace])],
  });
  const requests = requestChecks({ client, namespace });
  const permissions = permissionChecks({
    client,
    requestResource: async () =>
      (await client()).discovery.requestResource().catch(() => usualRequestResource),
    user: once(() => userOf(client, values.as)),
    namespace,
    leaseNamespace,
  });
  const locks = lockChecks({ client, leaseNamespace, skew, now: () => clock.now() });
  const asked = [...server, ...requests, ...permissions, ...locks];
  const names = asked.map(({ name }) => name);
  const lockDurationSeconds = values['lock.durationSeconds'];
  return [
    ...asked,
    clockCheck({ client, skew, lockDurationSeconds }, names),
    ...storeChecks({ directory: store, isTarget: () => isEmbedded(values.target, view) }, names),
    ...(openGateway === undefined
      ? []
      : gatewayChecks({ open: () => openGateway(client), client, clock, namespace })),
  ];
}

/** As the server says, else as whom we ask it to see us. */
async function userOf(
  client: () => Promise<KubeClient>,
  as: string | undefined,
): Promise<string | undefined> {
  try {
    return (await whoAmI(await client())).user ?? as;
  } catch {
    return as;
  }
}

/** `auto` that could not connect is embedded where the store itself is at fault. */
async function isEmbedded(configured: string, { connect }: ServerView): Promise<boolean> {
  try {
    const client = await connect();
    return client === undefined || client.target.kind === 'embedded';
  } catch (thrown) {
    if (configured !== 'auto') return configured === 'embedded';
    return thrown instanceof RemedyError && thrown.code.startsWith('STORE_');
  }
}

/** Results in the order in which they are shown. */
export function byGroup<T extends Pick<Check, 'group'>>(results: readonly T[]): T[] {
  return checkGroups.flatMap((group) => results.filter((result) => result.group === group));
}
