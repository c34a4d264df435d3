import { describe, expect, it } from 'vitest';
import { proxyFromEnvironment } from '../../../src/kube/go-proxy.ts';

const proxy = 'http://proxy.test:3128';

describe('NO_PROXY, as golang.org/x/net/http/httpproxy reads it', () => {
  const cases: [noProxy: string, server: string, used: boolean][] = [
    ['', 'https://api.test', true],
    ['', 'https://localhost:6443', false],
    ['', 'https://127.0.0.1:6443', false],
    ['', 'https://127.8.8.8:6443', false],
    ['', 'https://[::1]:6443', false],
    ['*', 'https://api.test', false],
    [' other.test , api.test ', 'https://api.test', false],
    ['api.test', 'https://sub.api.test', false],
    ['api.test', 'https://notapi.test', true],
    ['.api.test', 'https://sub.api.test', false],
    ['.api.test', 'https://api.test', true],
    ['*.api.test', 'https://sub.api.test', false],
    ['*.api.test', 'https://api.test', true],
    ['API.TEST', 'https://api.test', false],
    ['api.test:443', 'https://api.test', false],
    ['api.test:6443', 'https://api.test', true],
    ['api.test:6443', 'https://api.test:6443', false],
    [':443', 'https://api.test', true],
    ['10.1.2.3', 'https://10.1.2.3:6443', false],
    ['10.1.2.3:6443', 'https://10.1.2.3:6443', false],
    ['10.1.2.3:80', 'https://10.1.2.3:6443', true],
    ['10.0.0.0/8', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://11.1.2.3', true],
    ['10.0.0.0/33', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://10.test', true],
    ['fd00::/8', 'https://[fd00::7]:6443', false],
    ['fd00::7', 'https://[fd00::7]:6443', false],
    ['[fd00::7]:6443', 'https://[fd00::7]:6443', false],
    ['[fd00::7]:1', 'https://[fd00::7]:6443', true],
    ['2.3', 'https://10.1.2.3', false],
  ];
  it.each(cases)('%j and %s: proxied %s', (noProxy, server, used) => {
    const found = proxyFromEnvironment(new URL(server), { HTTPS_PROXY: proxy, NO_PROXY: noProxy });
    expect(found?.host).toBe(used ? 'proxy.test:3128' : undefined);
  });
});

describe('the variables', () => {
  const cases: [name: string, env: Record<string, string>, server: string, expected: string | undefined][] = [
    [
      'https by HTTPS_PROXY',
      { HTTPS_PROXY: proxy, HTTP_PROXY: 'http://other' },
      'https://a.test',
      'http://proxy.test:3128/',
    ],
    [
      'http by HTTP_PROXY',
      { HTTPS_PROXY: 'http://other', HTTP_PROXY: proxy },
      'http://a.test',
      'http://proxy.test:3128/',
    ],
    ['https never by HTTP_PROXY', { HTTP_PROXY: proxy }, 'https://a.test', undefined],
    ['ALL_PROXY is not known to Go', { ALL_PROXY: proxy }, 'https://a.test', undefined],
    ['lower case', { https_proxy: proxy }, 'https://a.test', 'http://proxy.test:3128/'],
    [
      'upper case goes first',
      { https_proxy: 'http://other', HTTPS_PROXY: proxy },
      'https://a.test',
      'http://proxy.test:3128/',
    ],
    [
      'an empty upper case one does not count',
      { https_proxy: proxy, HTTPS_PROXY: '' },
      'https://a.test',
      'http://proxy.test:3128/',
    ],
    ['lower-case no_proxy', { https_proxy: proxy, no_proxy: 'a.test' }, 'https://a.test', undefined],
    [
      'without a scheme it is http',
      { HTTPS_PROXY: 'proxy.test:3128' },
      'https://a.test',
      'http://proxy.test:3128/',
    ],
    [
      'socks5h, which asks for what is done anyway',
      { HTTPS_PROXY: 'socks5h://p:1080' },
      'https://a.test',
      'socks5://p:1080',
    ],
    ['socks5', { HTTPS_PROXY: 'socks5://p:1080' }, 'https://a.test', 'socks5://p:1080'],
  ];
  it.each(cases)('%s', (_name, env, server, expected) => {
    expect(proxyFromEnvironment(new URL(server), env)?.href).toBe(expected);
  });

  it('a value that is no URL throws without showing it', () => {
    expect(() =>
      proxyFromEnvironment(new URL('https://a.test'), { HTTPS_PROXY: 'http://u:secret@ x' }),
    ).toThrow(/^the proxy in the environment variable HTTPS_PROXY is no URL$/);
  });
});
