/** Reviews are answered, never stored. Whoever can open the directory may do everything in the store. */
import type { ApiRequest } from '../api/wire.ts';
import { jsonAnswer, type Answer } from './answer.ts';
import { decodeObject, parseObjectBody } from './decode-object.ts';
import type { Json } from './json.ts';
import { methodNotSupported } from './refusals.ts';
import type { ServedKind } from './served-kind.ts';

const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

const statusByKind: Record<string, Json> = {
  SelfSubjectAccessReview: { allowed: true },
  SubjectAccessReview: { allowed: true },
  LocalSubjectAccessReview: { allowed: true },
  SelfSubjectRulesReview: {
    resourceRules: [everything],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  },
  SelfSubjectReview: { userInfo: { username: 'embedded-store', groups: ['system:masters'] } },
  TokenReview: { authenticated: false, user: {} },
};

/** @throws refusals */
export function answerReview(request: ApiRequest, kind: ServedKind): Answer {
  const status = statusByKind[kind.kind];
  if (request.method !== 'POST' || status === undefined) {
    throw methodNotSupported(kind, request.method === 'POST' ? 'create' : request.method.toLowerCase());
  }
  const { object, warnings } = decodeObject(parseObjectBody(request.body, kind), kind, 'Warn');
  return jsonAnswer(201, { ...object, status }, warnings);
}
