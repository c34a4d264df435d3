import { describe, expect, it } from 'vitest';
import { grantCommands } from '../../../src/doctor/grant-commands.ts';
import { neededPermissions } from '../../../src/doctor/needed-permissions.ts';
import { judge } from '../../../src/doctor/permission-checks.ts';
import { permissionKey, placePermission, type Permission } from '../../../src/doctor/permission.ts';
import { commandTable } from '../../../src/commands/command-table.ts';
import { RemedyError } from '../../../src/errors/remedy-error.ts';

const places = {
  requestGroup: 'kubernaut.ai',
  requestVersion: 'v1alpha1',
  namespace: 'requests',
  leaseNamespace: 'locks',
};
const lease = (verb: string): Permission =>
  placePermission({ verb, scope: 'leases', group: 'coordination.k8s.io', resource: 'leases' }, places);
const nodes = placePermission({ verb: 'get', scope: 'cluster', resource: 'nodes' }, places);
const path = placePermission({ verb: 'get', scope: 'path', resource: '/apis/{group}/{version}' }, places);

describe('a permission', () => {
  it('is placed where it counts', () => {
    const status = {
      verb: 'patch',
      scope: 'requests',
      group: 'requests',
      resource: 'remediationrequests',
    } as const;
    expect(placePermission({ ...status, subresource: 'status' }, places)).toEqual({
      verb: 'patch',
      resource: 'remediationrequests.kubernaut.ai/status',
      namespace: 'requests',
      attributes: { group: 'kubernaut.ai', resource: 'remediationrequests', subresource: 'status' },
    });
    expect(lease('get').namespace).toBe('locks');
    expect(nodes.namespace).toBeUndefined();
    expect(path.attributes).toEqual({ path: '/apis/kubernaut.ai/v1alpha1' });
  });

  it('is in the table under commands that there are, and once a command', () => {
    const known = new Set(commandTable.commands.map(({ id }) => id.replaceAll(':', ' ')));
    for (const { command, needs } of neededPermissions()) {
      const keys = needs.map((need) => permissionKey(placePermission(need, places)));
      expect(new Set(keys).size, command).toBe(keys.length);
      expect(
        command === 'every command' || known.has(command.replace(/ (of many|--force)$|,.*$| and .*$/, '')),
        command,
      ).toBe(true);
    }
  });

  it('is in the table for every command that asks a server', () => {
    const local = new Set(['autocomplete', 'version', 'signal:test']);
    const asking = commandTable.commands
      // A plan of one asks what `plan run` asks; the other commands of plans ask no API server.
      .filter(({ id }) => !/^(store|config|retry|pd|ocm|backplane):/.test(id) && !local.has(id))
      .filter(({ id }) => !/^plan:(new|validate|show|status|schema)$/.test(id))
      .map(({ id }) => id.replaceAll(':', ' '));
    const tabled = neededPermissions().map(({ command }) => command);
    expect(asking.filter((command) => !tabled.includes(command))).toEqual([]);
  });
});

describe('the judgement of a command', () => {
  const needs = [
    { permission: lease('create'), without: undefined },
    { permission: nodes, without: 'signals about nodes fail' },
  ];
  const answers = (create: boolean, get: boolean): Map<string, boolean> =>
    new Map([
      [permissionKey(lease('create')), create],
      [permissionKey(nodes), get],
    ]);

  it('is ok with everything', () => {
    expect(judge(needs, answers(true, true), 'jane').status).toBe('ok');
  });

  it('warns of what the command does without, and says what is lost', () => {
    expect(judge(needs, answers(true, false), 'jane')).toMatchObject({
      status: 'warn',
      message: 'may not get nodes in all namespaces (signals about nodes fail)',
      details: { missing: [{ verb: 'get', resource: 'nodes', required: false }] },
    });
  });

  it('fails for what it cannot do without', () => {
    expect(judge(needs, answers(false, true), 'jane')).toMatchObject({
      status: 'fail',
      message: 'may not create leases.coordination.k8s.io in namespace locks',
    });
  });

  it('takes an answer that did not come for no permission and no lack of one', () => {
    const failure = new RemedyError('TIMEOUT', 'late');
    const unknown = new Map([[permissionKey(lease('create')), { failure }]]);
    expect(judge(needs, unknown, 'jane')).toMatchObject({ status: 'fail', message: 'late' });
  });
});

describe('grantCommands', () => {
  it('makes one role of the verbs of a resource, and binds it', () => {
    expect(grantCommands([lease('get'), nodes, lease('create')], 'jane').split('\n')).toEqual([
      'kubectl create role remedyctl-leases-coordination-k8s-io-get-create -n locks --verb=get,create --resource=leases.coordination.k8s.io',
      'kubectl create rolebinding remedyctl-leases-coordination-k8s-io-get-create -n locks --role=remedyctl-leases-coordination-k8s-io-get-create --user=jane',
      'kubectl create clusterrole remedyctl-nodes-get --verb=get --resource=nodes',
      'kubectl create clusterrolebinding remedyctl-nodes-get --clusterrole=remedyctl-nodes-get --user=jane',
    ]);
  });

  it.each([
    [undefined, '--user=YOUR-USER'],
    ['system:serviceaccount:ops:bot', '--serviceaccount=ops:bot'],
    ["eve'; rm -rf ~", "--user='eve'\\''; rm -rf ~'"],
  ])('names the user %s so that a shell reads it as one word', (user, word) => {
    expect(grantCommands([path], user)).toMatch(new RegExp(`${word.replaceAll(/[\\.]/g, '\\$&')}$`));
    expect(grantCommands([path], user)).toContain('--non-resource-url=/apis/kubernaut.ai/v1alpha1');
  });
});
