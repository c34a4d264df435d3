import { environmentNames, settingKeys, settingOf } from '../../config/settings.ts';
import type { HelpRow } from './page.ts';

export interface EnvironmentGroup {
  readonly title: string;
  readonly variables: readonly HelpRow[];
}

const row = (name: string, text: string): HelpRow => ({ name, text });

/** Every variable of the environment that the program reads, but those of Node.js. */
export function environmentGroups(): EnvironmentGroup[] {
  return [{ title: 'SETTINGS', variables: settingVariables() }, ...otherVariables];
}

/** The flag goes before the variable, the variable before the file. */
function settingVariables(): HelpRow[] {
  return settingKeys.flatMap((key) =>
    environmentNames(key)
      .filter((name) => name.startsWith('REMEDYCTL_'))
      .map((name) => row(name, settingOf(key).description)),
  );
}

const otherVariables: readonly EnvironmentGroup[] = [
  {
    title: 'CONFIGURATION',
    variables: [
      row('REMEDYCTL_CONFIG', 'The configuration file, where --config does not name one.'),
      row('REMEDYCTL_PROFILE', 'The profile of the configuration, where --profile does not name one.'),
    ],
  },
  {
    title: 'CREDENTIALS',
    variables: [
      row('PAGERDUTY_TOKEN', 'The API key of PagerDuty, or a token of OAuth.'),
      row('OCM_TOKEN', 'The offline token of OCM, which Backplane takes too.'),
      row('OCM_CLIENT_ID', 'The service account for OCM, in place of a token.'),
      row('OCM_CLIENT_SECRET', "The service account's secret."),
      row('OCM_CONFIG', 'Where ocm keeps its login, which is read where nothing else is given.'),
      row('ALERTMANAGER_TOKEN', 'The bearer token for --from alertmanager=URL.'),
      row('ALERTMANAGER_PASSWORD', 'The password of --from-username at AlertManager.'),
      row('PROMETHEUS_TOKEN', 'The bearer token for --from prometheus=URL.'),
      row('PROMETHEUS_PASSWORD', 'The password of --from-username at Prometheus.'),
    ],
  },
  {
    title: 'THE CLUSTER AND THE NETWORK',
    variables: [
      row('KUBECONFIG', 'Kubeconfigs, as kubectl reads them, where no other is named.'),
      row('KUBERNETES_SERVICE_HOST', 'Where the API server is, in a pod without a kubeconfig.'),
      row('KUBERNETES_SERVICE_PORT', 'Its port.'),
      row('HTTPS_PROXY', 'The proxy for https; https_proxy too.'),
      row('HTTP_PROXY', 'The proxy for http; http_proxy too.'),
      row('NO_PROXY', 'What is reached without a proxy; no_proxy too.'),
    ],
  },
  {
    title: 'FOLDERS AND NAMES',
    variables: [
      row('HOME', 'The home folder, below which the folders are where no XDG variable says so.'),
      row('XDG_CONFIG_HOME', 'The folder of remedyctl/config.yaml (~/.config).'),
      row('XDG_DATA_HOME', 'The folder of remedyctl/store (~/.local/share).'),
      row('XDG_CACHE_HOME', 'The folder of remedyctl/code, compiled code (~/.cache).'),
      row('REMEDYCTL_NO_CODE_CACHE', 'With any value: keep no compiled code.'),
      row(
        'USER',
        "Who is named as holder of locks and in requests' annotations, where the system knows no name.",
      ),
      row('PATH', 'Where commands are looked for: those of lease run, and credential plugins.'),
    ],
  },
  {
    title: 'OUTPUT',
    variables: [
      row('NO_COLOR', 'With any value: no colour where --color is auto.'),
      row('FORCE_COLOR', 'Colour off a terminal too where --color is auto; 0: none.'),
      row('TERM', 'dumb: nothing is coloured or redrawn.'),
      row('LC_ALL', 'Whether the terminal takes UTF-8; then LC_CTYPE and LANG are looked at.'),
      row('LC_CTYPE', 'As LC_ALL.'),
      row('LANG', 'As LC_ALL.'),
      row(
        'DEBUG',
        'oclif: what oclif, which parses the command line, says on stderr (for whoever mends remedyctl).',
      ),
    ],
  },
];
