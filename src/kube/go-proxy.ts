/**
 * Which proxy a URL is reached through, by the rules that kubectl has from Go's net/http:
 * HTTPS_PROXY for https, HTTP_PROXY for http, upper case before lower case, no ALL_PROXY; localhost and
 * loopback addresses never; NO_PROXY holds `*`, addresses, CIDRs, `domain` (with its subdomains), `.domain`
 * (subdomains only), each with an optional port.
 * Source: golang.org/x/net/http/httpproxy.
 */
import { BlockList, isIP } from 'node:net';
import { RemedyError } from '../errors/remedy-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy's URL, or undefined for a direct connection. Throws CONFIG_INVALID for a value that is none; it is not
 * shown, for it may hold a password.
 */
export function proxyFromEnvironment(server: URL, env: Environment): URL | undefined {
  const https = server.protocol === 'https:';
  const names = https ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const value = anyOf(env, ...names);
  if (value === '' || !usesProxy(server, anyOf(env, 'NO_PROXY', 'no_proxy'))) return undefined;
  const name = names.find((one) => env[one] === value) ?? '';
  return parseProxy(value, name);
}

function anyOf(env: Environment, ...names: string[]): string {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== '') ?? '';
}

function parseProxy(value: string, name: string): URL {
  const withScheme = value.includes('://') ? value : `http://${value}`;
  const problem = proxyProblem(withScheme);
  if (problem === undefined) return proxyUrl(withScheme);
  throw new RemedyError('CONFIG_INVALID', `the proxy in the environment variable ${name} ${problem}`, {
    hint: `Set ${name} to a URL such as http://proxy.example.com:3128, or unset it.`,
    details: { variable: name },
  });
}

const schemes = ['http:', 'https:', 'socks5:', 'socks5h:'];

/** Of a text that `proxyProblem` has nothing against. A socks5 proxy is given names as they are, which socks5h asks for. */
export function proxyUrl(text: string): URL {
  return new URL(text.replace(/^socks5h:/i, 'socks5:'));
}

/** What is wrong with the user or the password in a URL, to follow its name. */
export const badEscape = 'has a % in its user or password that begins no escape (a % itself is %25)';

/** Why a text is no proxy that can be used, to follow its name. */
export function proxyProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const { protocol, hostname, username, password } = new URL(text);
  if (!schemes.includes(protocol)) return `must be an http, https, socks5 or socks5h URL, not ${protocol}//`;
  if (hostname === '') return 'names no host';
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
  } catch {
    return badEscape;
  }
  return undefined;
}

function usesProxy(server: URL, noProxy: string): boolean {
  const host = bare(server.hostname.toLowerCase());
  if (host === 'localhost' || isLoopback(host)) return false;
  const port = server.port !== '' ? server.port : server.protocol === 'https:' ? '443' : '80';
  return !noProxy.split(',').some((entry) => matches(entry.trim().toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/') && matchesSubnet(entry, host)) return true;
  const [entryHost, entryPort] = splitPort(entry);
  if (entryHost === '' || (entryPort !== undefined && entryPort !== port)) return false;
  return isIP(entryHost) === 0 ? withinDomain(entryHost, host) : sameAddress(entryHost, host);
}

function withinDomain(entryHost: string, host: string): boolean {
  const domain = entryHost.startsWith('*.') ? entryHost.slice(1) : entryHost;
  if (domain.startsWith('.')) return host.endsWith(domain);
  return host === domain || host.endsWith(`.${domain}`);
}

function matchesSubnet(entry: string, host: string): boolean {
  const [network = '', prefix = ''] = entry.split('/');
  const family = familyOf(network);
  if (family === undefined || familyOf(host) !== family || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (family === 'ipv4' ? 32 : 128)) return false;
  const subnet = new BlockList();
  subnet.addSubnet(network, Number(prefix), family);
  return subnet.check(host, family);
}

function sameAddress(entry: string, host: string): boolean {
  const family = familyOf(entry);
  if (family === undefined || familyOf(host) !== family) return false;
  const list = new BlockList();
  list.addAddress(entry, family);
  return list.check(host, family);
}

function isLoopback(host: string): boolean {
  return matchesSubnet('127.0.0.0/8', host) || sameAddress('::1', host);
}

function familyOf(host: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(host);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}

/** `host:port`, `[v6]:port`, or a bare host (an IPv6 address without brackets has no port). */
function splitPort(entry: string): [host: string, port: string | undefined] {
  const match = /^(\[[^\]]*\]|[^:]*):(\d*)$/.exec(entry);
  return match === null ? [bare(entry), undefined] : [bare(match[1] ?? ''), match[2] || undefined];
}

function bare(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
