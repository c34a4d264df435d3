import { configPath } from '../../config/config-path.ts';
import { readConfigFile } from '../../config/config-file.ts';
import { homeFolder } from '../../files/home-folder.ts';
import { readText } from '../../files/read-text.ts';
import { kubeconfigEntries } from '../../kube/kubeconfig.ts';
import { kubeconfigChoice, kubeHost } from '../composition.ts';
import type { Runtime } from '../runtime.ts';
import type { LivingName, NameGround } from './names.ts';

/** Contexts, clusters or users of the kubeconfig that the line chooses. Throws what reading it throws. */
export async function kubeconfigNames(
  source: 'context' | 'kubeconfig cluster' | 'kubeconfig user',
  { runtime, config }: Pick<NameGround, 'runtime' | 'config'>,
): Promise<LivingName[]> {
  const host = kubeHost({ runtime, config }, { withoutPlugins: true });
  const { contexts, clusters, users } = await kubeconfigEntries(kubeconfigChoice(config), host);
  switch (source) {
    case 'context':
      return [...contexts].map(([value, { cluster }]) => ({ value, about: cluster }));
    case 'kubeconfig cluster':
      return [...clusters].map(([value, { server }]) => ({ value, about: server }));
    case 'kubeconfig user':
      return [...users.keys()].map((value) => ({ value }));
  }
}

/** The profiles of the configuration file. Throws what reading it throws. */
export async function profileNames(
  { env, cwd, signal }: Runtime,
  file: string | undefined,
): Promise<LivingName[]> {
  const path = configPath({ env, cwd, home: homeFolder(env) }, file);
  const read = readConfigFile(await readText(path, signal), path);
  return 'config' in read ? [...read.config.profiles.keys()].map((value) => ({ value })) : [];
}
