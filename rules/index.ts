/**
 * What is enforced, in the order of the rulebook.
 */
import noAwaitJobResult from './no-await-job-result.ts';
import noEntityPayload from './no-entity-payload.ts';
import noFilesystemPersistence from './no-filesystem-persistence.ts';
import noLocalPathPayload from './no-local-path-payload.ts';
import noModuleState from './no-module-state.ts';
import noRemovedApi from './no-removed-api.ts';
import noUnsafeSerializer from './no-unsafe-serializer.ts';
import noUnserializablePayload from './no-unserializable-payload.ts';
import requireRetryPolicy from './require-retry-policy.ts';

export const rules = {
  'no-await-job-result': noAwaitJobResult,
  'no-module-state': noModuleState,
  'no-filesystem-persistence': noFilesystemPersistence,
  'no-unserializable-payload': noUnserializablePayload,
  'no-unsafe-serializer': noUnsafeSerializer,
  'no-entity-payload': noEntityPayload,
  'require-retry-policy': requireRetryPolicy,
  'no-removed-api': noRemovedApi,
  'no-local-path-payload': noLocalPathPayload,
};
