/** A certificate of the server's own, for as long as one process serves: Node.js has keys and signatures, but makes none. */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_subjectAltName,
  id_kp_serverAuth,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

/** Both as PEM. The certificate is its own authority. */
export interface ServerCertificate {
  key: string;
  certificate: string;
}

const hourMs = 3_600_000;
/** A server outlives no token of its own, so nothing is gained by a short life, and a long run would end with it. */
const lifeMs = 10 * 365 * 24 * hourMs;

const commonName = '2.5.4.3';
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/** For `localhost` and the loopback addresses, and `address` besides; valid from an hour ago, whatever the client's clock. */
export function makeCertificate(address: string, nowMs: number): ServerCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 });
  const tbsCertificate = describe({ address, nowMs, publicKey, algorithm });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), privateKey);
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: bytes(signature),
  });
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    certificate: pem(Buffer.from(AsnConvert.serialize(certificate))),
  };
}

interface Facts {
  address: string;
  nowMs: number;
  publicKey: KeyObject;
  algorithm: AlgorithmIdentifier;
}

function describe({ address, nowMs, publicKey, algorithm }: Facts): TBSCertificate {
  const subject = new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({
        type: commonName,
        value: new AttributeValue({ utf8String: 'remedyctl store serve' }),
      }),
    ]),
  ]);
  return new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    issuer: subject,
    subject,
    validity: new Validity({ notBefore: new Date(nowMs - hourMs), notAfter: new Date(nowMs + lifeMs) }),
    subjectPublicKeyInfo: AsnConvert.parse(
      publicKey.export({ type: 'spki', format: 'der' }),
      SubjectPublicKeyInfo,
    ),
    extensions: new Extensions([
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: true }), true),
      extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
      extension(id_ce_subjectAltName, new SubjectAlternativeName(alternativeNames(address))),
    ]),
  });
}

function alternativeNames(address: string): GeneralName[] {
  const addresses = new Set(['127.0.0.1', '::1', address]);
  return [
    new GeneralName({ dNSName: 'localhost' }),
    ...[...addresses].map((iPAddress) => new GeneralName({ iPAddress })),
  ];
}

function extension(extnID: string, value: unknown, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** Positive, and of full length whatever the chance. */
function serialNumber(): ArrayBuffer {
  const number = randomBytes(16);
  number[0] = ((number[0] ?? 0) & 0x7f) | 0x40;
  return bytes(number);
}

function bytes(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
